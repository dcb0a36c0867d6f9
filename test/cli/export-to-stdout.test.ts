import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace, type ServedWorkspace } from '../../src/demo/server/server.ts';
import { loginAt } from '../support/program/program.ts';
import { runHere } from '../support/program/fake-process.ts';
import { spawnShell } from '../support/program/spawn-shell.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

let served: ServedWorkspace;
beforeAll(async () => {
  served = await serveWorkspace(createSampleWorkspace());
});
afterAll(() => served.close());

const exported = (...words: string[]) =>
  runHere(['export', '--rooms', 'project-lantern', '--output', '-', ...words], {
    cwd: tmpdir(),
    env: loginAt(served.url),
  });

const archives = async (): Promise<readonly string[]> =>
  (await readdir(tmpdir())).filter((name) => /^rocketchat-export-\d+-\d+$/.test(name));

describe('export --output -', () => {
  it('prints the rows of one table as JSON Lines and nothing else, and keeps nothing', async () => {
    const before = await archives();
    const { code, stdout } = await exported();
    expect(code).toBe(0);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(rows.length).toBeGreaterThan(20);
    expect(rows[0]).toMatchObject({ room_name: 'project-lantern', op: 'upsert', run: 1 });
    expect(await archives()).toEqual(before);
  });

  it('prints CSV of another table', async () => {
    const { code, stdout } = await exported('--tables', 'rooms', '--format', 'csv');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^"?room_id"?,/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  longIt('ends in order when its reader has enough', async () => {
    const before = await archives();
    const { code, stdout } = await spawnShell(
      `"$PROGRAM" export --rooms project-lantern --output - --quiet | head -n 1; echo "\${PIPESTATUS[0]}"`,
      loginAt(served.url),
    );
    expect(code).toBe(0);
    const [row = '', exitCode] = stdout.trimEnd().split('\n');
    expect(JSON.parse(row)).toMatchObject({ run: 1 });
    expect(exitCode).toBe('0');
    expect(await archives()).toEqual(before);
  });

  it.each([
    [['--tables', 'messages', 'rooms'], 'Cannot write 2 of --tables to stdout, expected one'],
    [['--format', 'csv', 'jsonl'], 'Cannot write 2 of --format to stdout, expected one'],
    [['--format', 'parquet'], 'Cannot write parquet to stdout'],
    [['--compression', 'gzip'], 'Cannot use --compression with --output -'],
    [['--raw', 'keep'], 'Cannot use --raw with --output -'],
    [['--attachments', 'download'], 'Cannot use --attachments with --output -'],
    [['--json'], 'Cannot use --json with --output -'],
    [['--tables', 'mesages'], 'mesages'],
  ])('refuses %j, and prints nothing', async (words, message) => {
    const before = await archives();
    const { code, stdout, stderr } = await exported(...words);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(message);
    expect(await archives()).toEqual(before);
  });

  longIt('does not say that anything is saved or resumed when it is interrupted', async () => {
    const before = await archives();
    const pidFile = join(tmpdir(), `export-to-stdout-${process.pid}.pid`);
    // The first request shows that the program is at work.
    const silent = createServer((request) => {
      process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
      request.socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const { stdout } = await spawnShell(
      `sh -c 'echo $$ > ${pidFile}; exec "$PROGRAM" export --rooms project-lantern --output - 2>&1'; rm ${pidFile}`,
      loginAt(`http://127.0.0.1:${port}`),
    );
    silent.close();
    expect(stdout).toContain('error: Interrupted by SIGTERM: nothing is kept\nhint: Name a folder');
    expect(await archives()).toEqual(before);
  });

  it('prints nothing and keeps nothing when the run fails', async () => {
    const before = await archives();
    const { code, stdout } = await runHere(['export', '--rooms', 'x', '--output', '-'], {
      cwd: tmpdir(),
      env: { ...loginAt(served.url), ROCKETCHAT_AUTH_TOKEN: 'wrong-token-1234567890' },
    });
    expect({ code, stdout }).toEqual({ code: 77, stdout: '' });
    expect(await archives()).toEqual(before);
  });
});
