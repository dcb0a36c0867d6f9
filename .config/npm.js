// Runs npm, and what it installed, as they are started on every platform.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Runs a command in the root; ends this process with its exit code if it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    ...options,
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

/**
 * On Windows npm is a shell script, which Node does not start: where npm has started this process, its own file is run.
 * `--no-global` and `--include` because npm hands its settings down, and an installation of ours may be in one of
 * somebody else's (`npm install --global`, `--omit=dev`).
 */
export function npm(args) {
  const settings = [
    '--no-global',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const file = process.env['npm_execpath'];
  if (file !== undefined && /npm-cli\.[cm]?js$/.test(file)) run(process.execPath, [file, ...args, ...settings]);
  else run('npm', [...args, ...settings], { shell: process.platform === 'win32' });
}
