// With real servers, which the tests start: Debian's PostgreSQL (apt-get install postgresql).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const rootDir = join(import.meta.dirname, '..');
const { jest } = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8'));

export default {
  ...jest,
  rootDir,
  testMatch: ['<rootDir>/test/services/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
};
