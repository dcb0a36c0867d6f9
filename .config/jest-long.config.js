// The long suite: what takes minutes, and the quick tests that try everything here (test/support/quick-or-long.ts).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const rootDir = join(import.meta.dirname, '..');
const { jest } = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8'));

const thorough = readdirSync(join(rootDir, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => readFileSync(join(rootDir, 'test', name), 'utf8').includes('quickOrLong('))
  .map((name) => `<rootDir>/test/${name.replaceAll('\\', '/')}`);

export default {
  ...jest,
  rootDir,
  globals: { isLongSuite: true },
  testSequencer: '<rootDir>/.config/longest-first.js',
  // On a real disk.
  globalSetup: undefined,
  testMatch: ['<rootDir>/test/long/**/*.test.ts', ...thorough],
  testPathIgnorePatterns: ['/node_modules/'],
  // A file may try a hundred times as much here.
  testTimeout: 600_000,
};
