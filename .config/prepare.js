// Makes a fresh clone ready: installs what the lock file says and builds `dist`, each only when it is not done yet.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const inRoot = (path) => join(root, path);

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/** npm writes its own record of an installation after it, so an older one is of another lock file. */
function isInstalled() {
  const record = inRoot('node_modules/.package-lock.json');
  return existsSync(record) && statSync(record).mtimeMs >= statSync(inRoot('package-lock.json')).mtimeMs;
}

function sourceFingerprint() {
  const sources = readdirSync(inRoot('src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const path of [
    ...sources,
    inRoot('tsconfig.json'),
    inRoot('.config/tsconfig.build.json'),
    inRoot('package-lock.json'),
  ]) {
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

// Not `npm ci`: it refuses a lock file made where the registry does not carry every platform's optional packages.
if (!isInstalled()) run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);

const stamp = inRoot('dist/.prepared');
const wanted = sourceFingerprint();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  rmSync(inRoot('dist'), { recursive: true, force: true });
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.config/tsconfig.build.json']);
  writeFileSync(stamp, wanted);
}
