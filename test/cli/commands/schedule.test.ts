import type { RunResult } from '../../../src/cli/result/run-result.ts';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import type { HealthReport } from '../../../src/schedule/schedule-status.ts';
import { createSmallWorkspace } from '../../support/workspaces/small-workspace.ts';
import { runHere } from '../../support/program/fake-process.ts';
import { jobText } from '../../support/program/job-text.ts';
import { loginAt, startProgram, type Ended } from '../../support/program/program.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

let folder: string;
let served: ServedWorkspace;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-schedule-'));
  served = await serveWorkspace(createSmallWorkspace(30));
});

afterAll(async () => {
  await served.close();
  await rm(folder, { recursive: true, force: true });
});

async function writeJob(name: string, more: string): Promise<string> {
  const path = join(folder, `${name}.yaml`);
  await writeFile(path, jobText({ output: join(folder, name), more }));
  return path;
}

const readHealth = async (path: string): Promise<HealthReport> =>
  JSON.parse(await readFile(path, 'utf8')) as HealthReport;

describe('rocketchat-export schedule', () => {
  it('takes no job without a schedule, names each, and starts nothing', async () => {
    const timed = await writeJob('timed', "schedule: '@daily'\n");
    const jobs = [timed, await writeJob('plain', ''), await writeJob('bare', '')];
    const { code, stdout, stderr } = await runHere(['schedule', ...jobs], { env: loginAt(served.url) });
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toContain('Cannot schedule job "plain": it has no "schedule"');
    expect(stderr).toContain('Cannot schedule job "bare": it has no "schedule"');
    expect(stderr).not.toContain('next run');
  });

  it.each([
    ["schedule: '@daily'\ntimezone: Mars/Olympus\n", 'expected an IANA time zone such as Europe/Berlin or UTC'],
    ["schedule: '@daily'\ntimezone: '+02:00'\n", 'expected an IANA time zone'],
    ["schedule: '61 2 * * *'\n", 'expected a cron expression'],
  ])('ends with 78 for %j', async (more, expected) => {
    const job = await writeJob('wrong', more);
    const { code, stderr } = await runHere(['schedule', job], { env: loginAt(served.url) });
    expect(code).toBe(78);
    expect(stderr).toContain(expected);
  });

  it('tells jobs apart by name', async () => {
    const job = await writeJob('twin', "schedule: '@daily'\n");
    const { code, stderr } = await runHere(['schedule', job, job], { env: loginAt(served.url) });
    expect(code).toBe(78);
    expect(stderr).toContain('Cannot schedule two jobs of the name "twin"');
  });

  it('does not start when nobody could see its health', async () => {
    const job = await writeJob('unseen', "schedule: '@daily'\n");
    const env = loginAt(served.url);
    const noPort = await runHere(['schedule', job, '--listen', '70000'], { env });
    expect(noPort.code).toBe(64);
    expect(noPort.stderr).toContain('Cannot listen on port "70000", expected a number from 0 to 65535');
    const taken = await runHere(['schedule', job, '--listen', String(served.port)], { env });
    expect(taken.code).toBe(64);
    expect(taken.stderr).toContain(`Cannot listen on 127.0.0.1:${served.port}: EADDRINUSE`);
    const noFolder = await runHere(['schedule', job, '--health-file', join(folder, 'nowhere/health.json')], { env });
    expect(noFolder.code).toBe(73);
  });

  it('as a program says when it runs what, serves health and metrics, and ends well on a signal while nothing runs', async () => {
    await writeJob('yearly', "schedule: '0 0 1 1 *'\ntimezone: Europe/Berlin\n");
    const args = ['schedule', 'yearly.yaml', '--health-file', 'health.json', '--listen', '0'];
    const program = startProgram(args, { cwd: folder, env: loginAt(served.url) });
    await program.told('yearly: next run');
    const health = await readHealth(join(folder, 'health.json'));
    expect(health).toMatchObject({ status: 'ok', jobs: { yearly: { schedule: '0 0 1 1 *', running: false } } });
    program.kill('SIGTERM');
    const { code, stdout, stderr } = await program.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/yearly: next run \d{4}-01-01 00:00 Europe\/Berlin$/m);
    expect(stderr).toMatch(/Serving health and metrics on http:\/\/127\.0\.0\.1:\d+$/m);
    expect(stderr).toMatch(/Stopped by SIGTERM: no run was active\n$/);
    expect(stderr).not.toMatch(/error|resume/i);
  });
});

/** Runs the built program in a process whose days last milliseconds: while no job runs, a sleep takes no time. */
function runFastDays(args: readonly string[], runs: number): Promise<Ended> {
  const build = pathToFileURL(`${join(import.meta.dirname, '../../../build')}/`).href;
  const script = `
    import { setImmediate, setTimeout as pause } from 'node:timers/promises';
    import { main } from '${build}cli/main.js';
    import { Secrets } from '${build}cli/log/secrets.js';
    import { InterruptedError } from '${build}errors.js';
    let nowMs = Date.UTC(2026, 0, 1);
    let isBusy = false;
    let left = ${runs};
    const stop = new AbortController();
    const clock = {
      now: () => nowMs,
      sleep: async (ms, signal) => {
        await (isBusy ? pause(5) : setImmediate());
        if (!isBusy) nowMs += ms;
        signal?.throwIfAborted();
      },
    };
    const write = (text) => {
      process.stderr.write(text);
      if (/: due$/m.test(text)) isBusy = true;
      if (!/ with exit code /.test(text)) return;
      isBusy = false;
      left -= 1;
      if (left === 0) stop.abort(new InterruptedError('SIGTERM'));
    };
    const processContext = {
      argv: ${JSON.stringify(args)},
      env: process.env,
      cwd: ${JSON.stringify(folder)},
      stdout: { write: (text) => process.stdout.write(text), columns: null, isOpen: true, drained: () => Promise.resolve() },
      stderr: { write, columns: null },
      clock,
      random: () => 0,
      process: { pid: process.pid, host: 'here', processStartId: null, pidNamespace: 'pid:[1]', bootId: 'boot' },
      isAlive: () => false,
      loadThreads: 1,
      interruption: () => stop.signal,
    };
    process.exitCode = await main(processContext, new Secrets({}));
  `;
  const options = { env: loginAt(served.url), stdio: ['ignore', 'pipe', 'pipe'] as ('ignore' | 'pipe')[] };
  return new Promise((resolve, reject) => {
    const path = join(folder, 'fast-days.mjs');
    writeFile(path, script).then(() => {
      const child = spawn(process.execPath, [path], options);
      let stdout = '';
      let stderr = '';
      child.stdout?.on('data', (text: Buffer) => (stdout += text.toString()));
      child.stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    }, reject);
  });
}

longIt(
  'runs night after night, one job well and one that fails, and tells of both',
  async () => {
    const good = await writeJob('good', "schedule: '15 2 * * *'\ntimezone: UTC\n");
    const bad = await writeJob('bad', "schedule: '15 3 * * *'\ntimezone: UTC\n");
    await writeFile(bad, (await readFile(bad, 'utf8')).replace('["*"]', '["nowhere"]'));
    const health = join(folder, 'fast.json');
    const { code, stdout, stderr } = await runFastDays(
      ['schedule', good, bad, '--json', '--verbose', '--health-file', health],
      5,
    );
    // The signal comes between two runs.
    expect(code).toBe(0);
    const results = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RunResult);
    expect(results.filter(({ job }) => job === 'good')).toMatchObject([
      { run: 1, status: 'published', rows: { messages: 30 } },
      { run: 2, status: 'published', rows: { messages: 0 } },
      { run: 3, status: 'published', rows: { messages: 0 } },
    ]);
    expect(results.filter(({ job }) => job === 'bad')).toContainEqual(
      expect.objectContaining({ status: 'failed', exitCode: 78, run: null }),
    );
    expect(stderr).toContain('good: published run 1, 30 new messages');
    expect(stderr).toMatch(/good: ended with exit code 0 after .*; next run 2026-01-02 02:15 UTC/);
    expect(stderr).toContain('no room matches "nowhere"');
    expect(stderr).toMatch(
      /warning bad: failed with exit code 78 after .*, 2 times in a row; next run 2026-01-03 03:15 UTC/,
    );
    expect(await readHealth(health)).toMatchObject({
      status: 'failing',
      reasons: [expect.stringContaining('bad: ')],
      jobs: {
        good: { lastExitCode: 0, consecutiveFailures: 0, nextRun: '2026-01-04T02:15:00.000Z' },
        bad: { lastExitCode: 78, consecutiveFailures: 2, lastSuccess: null },
      },
    });
  },
  30_000,
);
