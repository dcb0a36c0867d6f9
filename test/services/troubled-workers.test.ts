import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import { writeJobFile } from '../support/program/built-program.ts';
import { loginAt, runProgram, startProgram, type Started } from '../support/program/program.ts';
import { startRedis, type RedisServer } from '../support/queue/start-redis.ts';
import { CrashLab } from '../support/runs/crash-lab.ts';
import { strictS3 } from '../support/storage/strict-s3.ts';

let lab: CrashLab;
let redis: RedisServer;

beforeAll(async () => {
  lab = await CrashLab.open([300, 220, 150], {}, { cap: 10, latencyMs: 60 }, Date.now());
  await lab.unbroken(1);
  redis = await startRedis();
});
afterAll(async () => {
  await lab.close();
  await redis.stop();
});

interface Troubled {
  readonly archive: string;
  readonly spool: string;
  readonly jobFile: string;
  readonly start: (...args: readonly string[]) => Started;
  readonly startRun: () => Started;
}

/** A run and its one worker, which waits already. */
async function withWorker(
  use: (setting: Troubled) => Promise<void>,
  {
    queue = redis.url,
    spool: named,
    env: more = {},
  }: { queue?: string; spool?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<void> {
  await lab.withArchive(async (archive) => {
    const spool = named ?? `${archive}-spool`;
    const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
    const options = { cwd: join(archive, '..'), env: { ...loginAt(lab.server.url), ...more } };
    const start = (...args: readonly string[]): Started => startProgram(args, options);
    const shared = ['--queue', queue, '--spool', spool];
    const worker = start('worker', ...shared, '-v');
    try {
      await worker.told('Waiting for lists');
      await use({ archive, spool, jobFile, start, startRun: () => start('run', jobFile, ...shared) });
      worker.kill('SIGTERM');
      expect(await worker.ended).toMatchObject({ code: 0 });
    } finally {
      worker.kill('SIGKILL');
      await worker.ended;
    }
  });
}

const requestsSince = async (from: number, count: number): Promise<void> => {
  while (lab.server.requests.length < from + count) await new Promise((resolve) => setTimeout(resolve, 10));
};
const whole = { code: 0, stderr: expect.not.stringContaining('without workers') };

it('two runs of one job at once: one makes the archive, the other ends with 75', async () => {
  await withWorker(async ({ archive, spool, startRun }) => {
    const codes = (await Promise.all([startRun().ended, startRun().ended])).map(({ code }) => code);
    expect(codes.toSorted()).toEqual([0, 75]);
    await lab.expectUnbroken(nodeDisk, archive);
    expect(readdirSync(spool)).toEqual(['spool.json']);
  });
});

it('commands that change the archive wait for the run, and take nothing from it', async () => {
  await withWorker(async ({ archive, start, startRun }) => {
    const from = lab.server.requests.length;
    const run = startRun();
    await requestsSince(from, 15);
    const purge = ['purge', archive, '--user', 'ines.marlow', '--reason', 'test', '--by', 'DPO'];
    for (const args of [['compact', archive], purge]) {
      const { code, stderr } = await start(...args).ended;
      expect({ args, code, stderr }).toMatchObject({ code: 75 });
    }
    expect(await run.ended).toMatchObject(whole);
    await lab.expectUnbroken(nodeDisk, archive);
  });
});

it('a bucket for a spool that answers 503 now and then', async () => {
  const store = await strictS3({ fault: (at) => (at % 4 === 0 ? 'slow-down' : undefined) });
  try {
    await withWorker(
      async ({ archive, startRun }) => {
        expect(await startRun().ended).toMatchObject(whole);
        await lab.expectUnbroken(nodeDisk, archive);
      },
      { spool: 's3://archives/spool', env: store.variables },
    );
    const held = [...store.bucket('archives').versions].filter(([, versions]) => versions.length > 0);
    expect(held.map(([key]) => key)).toEqual(['spool/spool.json']);
  } finally {
    await store.close();
  }
});

it('a job whose rooms changed after its run was killed', async () => {
  await withWorker(async ({ archive, spool, jobFile, startRun }) => {
    const from = lab.server.requests.length;
    const cut = startRun();
    await requestsSince(from, 25);
    cut.kill('SIGKILL');
    await cut.ended;
    const job = lab.job(archive);
    await writeJobFile(jobFile, { ...job, extract: [{ endpoint: 'groups.messages', rooms: ['alpha-room'] }] });
    expect(await startRun().ended).toMatchObject(whole);
    expect(readdirSync(spool)).toEqual(['spool.json']);
    const verified = await runProgram(['verify', archive], { cwd: join(archive, '..'), env: {} });
    expect(verified).toMatchObject({ code: 0 });
    await writeJobFile(jobFile, job);
    expect(await startRun().ended).toMatchObject(whole);
    expect(readdirSync(spool)).toEqual(['spool.json']);
  });
});

it('a Redis that drops keys when its memory is full is named once, by run and worker', async () => {
  const dropping = await startRedis({ settings: ['--maxmemory-policy', 'allkeys-lru'] });
  try {
    await withWorker(
      async ({ archive, startRun }) => {
        const { code, stderr } = await startRun().ended;
        expect({ code, stderr }).toMatchObject(whole);
        expect(stderr.match(/allkeys-lru/g)).toHaveLength(1);
        expect(stderr).toContain('maxmemory-policy noeviction');
        await lab.expectUnbroken(nodeDisk, archive);
      },
      { queue: dropping.url },
    );
  } finally {
    await dropping.stop();
  }
});
