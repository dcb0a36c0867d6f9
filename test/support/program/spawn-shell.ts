import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const bin = join(import.meta.dirname, '../../../dist/bin.js');

/** Runs a line of bash in which `"$PROGRAM"` is the built program: for what only a pipe shows. */
export async function spawnShell(
  line: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stdout: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'shell-'));
  try {
    const program = join(folder, 'program');
    await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`);
    await chmod(program, 0o700);
    const child = spawn('bash', ['-c', line], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env, PROGRAM: program },
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
    return { code, stdout };
  } finally {
    await rm(folder, { recursive: true });
  }
}
