// The pages in Chromium: what only a browser can say. Needs one on the machine (apt-get install chromium, or CHROMIUM=…).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const rootDir = join(import.meta.dirname, '..');
const { jest } = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8'));

export default {
  ...jest,
  rootDir,
  // On a real disk: the browser reads it.
  globalSetup: undefined,
  testMatch: ['<rootDir>/test/browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
};
