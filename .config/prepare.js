// Makes a fresh clone ready: installs what the lock file says and builds `dist`, each only when it is not done yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

function filesUnder(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}

function once(stamp, inputs, command, args, before = () => undefined) {
  const path = join(root, stamp);
  const wanted = fingerprint(inputs);
  if (existsSync(path) && readFileSync(path, 'utf8') === wanted) return;
  before();
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(path, wanted);
}

const manifests = ['package.json', 'package-lock.json', '.npmrc'];
once('node_modules/.prepared', manifests, 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
once(
  'dist/.prepared',
  [...filesUnder('src'), 'tsconfig.json', '.config/tsconfig.build.json', 'package-lock.json'],
  process.execPath,
  ['node_modules/typescript/bin/tsc', '-p', '.config/tsconfig.build.json'],
  () => rmSync(join(root, 'dist'), { recursive: true, force: true }),
);
