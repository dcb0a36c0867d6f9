import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { createSmallWorkspace } from '../../support/workspaces/small-workspace.ts';
import { inflict } from '../../support/network/faults.ts';
import { jobText } from '../../support/program/job-text.ts';
import { filesBelow, loginAt, runProgram, startProgram, type ProgramOptions } from '../../support/program/program.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

/** Processes are started, on machines that may be busy. */

let folder: string;
let server: ServedWorkspace;
let options: ProgramOptions;
let pages: number;
/** Called at each request for messages, with its number from 1. */
let onPage: (number: number) => void;
let hangs: boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-interrupt-'));
  pages = 0;
  onPage = () => undefined;
  hangs = false;
  server = await serveWorkspace(createSmallWorkspace(400), {
    cap: 10,
    intercept: inflict(({ endpoint }) => {
      if (endpoint !== 'groups.messages') return null;
      pages += 1;
      onPage(pages);
      return hangs ? { kind: 'hang' } : null;
    }),
  });
  options = { cwd: folder, env: loginAt(server.url) };
  await writeFile(join(folder, 'job.yaml'), jobText({ output: 'out', more: 'concurrency: 1\n' }));
});

afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a signal in the middle of a run', () => {
  longIt('saves what was read, publishes nothing, and the next run goes on to the same bytes', async () => {
    const started = startProgram(['run', 'job.yaml'], options);
    onPage = (number) => number === 8 && started.kill('SIGINT');
    const interrupted = await started.ended;
    expect(interrupted).toMatchObject({ code: 130, stdout: '' });
    expect(interrupted.stderr).toContain('Interrupted: finishing the requests in flight');
    expect(interrupted.stderr).toContain('error: Interrupted by SIGINT');
    const left = await filesBelow(join(folder, 'out'));
    expect(left.length).toBeGreaterThan(0);
    expect(left.filter((name) => !name.startsWith('_work/'))).toEqual([]);

    const pagesBefore = pages;
    const resumed = await runProgram(['run', 'job.yaml'], options);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toContain('job: resuming run 1');
    const pagesOfResumed = pages - pagesBefore;

    await writeFile(join(folder, 'whole.yaml'), jobText({ output: 'whole', more: 'name: job\nconcurrency: 1\n' }));
    expect((await runProgram(['run', 'whole.yaml'], options)).code).toBe(0);
    expect(pagesOfResumed).toBeLessThan(pages - pagesBefore - pagesOfResumed);
    const data = 'messages/run-000001-0001.jsonl';
    const bytes = await readFile(join(folder, 'out', data));
    expect(bytes.equals(await readFile(join(folder, 'whole', data)))).toBe(true);
    expect(await filesBelow(join(folder, 'out'))).toEqual(await filesBelow(join(folder, 'whole')));
  });

  longIt('ends with 143 when it is SIGTERM', async () => {
    const started = startProgram(['run', 'job.yaml', '--log-format', 'json'], options);
    onPage = (number) => number === 8 && started.kill('SIGTERM');
    const { code, stderr } = await started.ended;
    expect(code).toBe(143);
    const lines = stderr.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 'error', kind: 'interrupted', exitCode: 143 });
  });

  longIt('ends at once when it is the second one, and the run after that takes over', async () => {
    hangs = true;
    const started = startProgram(['run', 'job.yaml'], options);
    await new Promise<void>((resolve) => (onPage = () => resolve()));
    started.kill('SIGINT');
    await started.told('Interrupted');
    started.kill('SIGINT');
    expect((await started.ended).code).toBe(130);
    expect(await filesBelow(join(folder, 'out'))).toContain('_lock.json');

    hangs = false;
    expect((await runProgram(['run', 'job.yaml'], options)).code).toBe(0);
    expect((await filesBelow(join(folder, 'out'))).filter((name) => /^_(lock|work)/.test(name))).toEqual([]);
  });
});
