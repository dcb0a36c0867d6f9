import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { createSmallWorkspace } from '../../support/workspaces/small-workspace.ts';
import { jobText } from '../../support/program/job-text.ts';
import { loginAt, runProgram, type Ended } from '../../support/program/program.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const bin = join(import.meta.dirname, '../../../dist/bin.js');

let folder: string;
let served: ServedWorkspace;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-limits-'));
  served = await serveWorkspace(createSmallWorkspace(30));
});

afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

/** The program as a shell starts it under a limit, such as `-n 48`. */
async function runLimited(limit: string, args: readonly string[], flags: readonly string[] = []): Promise<Ended> {
  const env = { ...loginAt(served.url), PATH: process.env['PATH'] ?? '' };
  const child = spawn('sh', ['-c', `ulimit ${limit} && exec "$@"`, 'sh', process.execPath, ...flags, bin, ...args], {
    env,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

async function writeJob(name: string, sink = 'format: jsonl'): Promise<string> {
  const path = join(folder, `${name}.yaml`);
  await writeFile(path, jobText({ output: join(folder, name) }).replace('format: jsonl', sink));
  return path;
}

/** Newer versions of Node need some 24 handles themselves, and crash or end with 1 when they have fewer. */
const isOldNode = Number(process.versions.node.split('.')[0]) < 22;

describe('too few file handles', () => {
  it.each(quickOrLong(isOldNode ? [20] : [48], isOldNode ? [20, 24, 32, 48, 64] : [32, 48, 64]))(
    '(ulimit -n %d) end the run with 73 and a hint, or let it come to its end',
    async (most) => {
      const { code, stderr } = await runLimited(`-n ${most}`, ['run', await writeJob(`handles-${most}`)]);
      expect([0, 73]).toContain(code);
      if (code === 0) return;
      expect(stderr).toContain('hint: Raise the limit of open files (ulimit -n) to 256 at least');
      expect(stderr).not.toMatch(/\n {4}at /);
    },
  );

  (isOldNode ? it : it.skip)('are told before anything of the program could be loaded', async () => {
    const { code, stderr } = await runLimited('-n 20', ['--version']);
    expect(code).toBe(73);
    expect(stderr).toMatch(/^error: Cannot load the program: too many files are open \(EMFILE\)\nhint: Raise/);
  });
});

const hasOwnZstd = 'zstdCompressSync' in zlib;

(hasOwnZstd ? describe.skip : describe)('little address space (skipped where Node has a zstd of its own)', () => {
  longIt(
    'ends a run that writes Parquet with zstd, and latest that reads it, with 73 and a hint, not never',
    async () => {
      const job = await writeJob('space', 'format: parquet');
      const refused = await runLimited('-v 4000000', ['run', job]);
      expect({ code: refused.code, stderr: refused.stderr }).toMatchObject({ code: 73 });
      expect(refused.stderr).toContain('Cannot start zstd');
      expect(refused.stderr).toContain('hint: Lift the limit of address space (ulimit -v)');

      expect(await runProgram(['run', job], { cwd: folder, env: loginAt(served.url) })).toMatchObject({ code: 0 });
      const latest = await runLimited('-v 4000000', ['latest', join(folder, 'space')]);
      expect(latest).toMatchObject({ code: 73, stderr: expect.stringContaining('Lift the limit of address space') });
    },
  );
});

describe('the permission model of Node', () => {
  const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';

  longIt.each([
    // Node 20 cannot even read the file that it is to start then.
    ...(flag === '--permission' ? [['nothing', [flag]] as const] : []),
    ['reading', [flag, '--allow-fs-read=*']] as const,
    // From Node 25 on fsync is denied whatever is allowed; before, the threads are missing.
    ['files', [flag, '--allow-fs-read=*', '--allow-fs-write=*']] as const,
  ])('that allows %s ends a run with 73 and what to do', async (name, flags) => {
    const { code, stderr } = await runLimited('-n 256', ['run', await writeJob(`denied-${name}`)], flags);
    expect({ code, stderr }).toMatchObject({ code: 73 });
    expect(stderr).toMatch(/^hint: .*(run|Run) Node\.js without/m);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});

describe('an end that nobody foresaw', () => {
  it('while something waits for what never comes is a bug, 70, and not 13 or 0', async () => {
    await writeFile(join(folder, 'never.mjs'), 'export default () => new Promise(() => undefined);');
    const job = await writeJob('never', 'use: ./never.mjs');
    const { code, stderr } = await runProgram(['run', job], { cwd: folder, env: loginAt(served.url) });
    expect(code).toBe(70);
    expect(stderr).toContain('came to its end before its work did');
  });
});
