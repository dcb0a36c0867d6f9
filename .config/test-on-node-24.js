// Runs the quick suite on Node 24, whatever Node runs this: the registry carries its binary as a package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const packageName = `node-${process.platform}-${process.arch}`;
const version = '24.21.0';
const prefix = join(root, 'node_modules', '.node-24');
const binary = join(prefix, 'node_modules', packageName, 'bin', 'node');

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(binary)) {
  run('npm', ['install', '--no-save', '--loglevel=error', '--prefix', prefix, `${packageName}@${version}`]);
}
run(binary, [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules/jest/bin/jest.js'),
  ...process.argv.slice(2),
]);
