import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { writeJobFile } from '../support/program/built-program.ts';
import { loginAt, runProgram, startProgram, type Started } from '../support/program/program.ts';
import { withOtherVersion } from '../support/program/other-version.ts';
import { startRedis, type RedisServer } from '../support/queue/start-redis.ts';
import { strictS3 } from '../support/storage/strict-s3.ts';
import { CrashLab } from '../support/runs/crash-lab.ts';

/** A lost worker may have had so many requests in flight; their pages are in no journal. */
const mostAskedTwice = 4;

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

interface Setting {
  readonly archive: string;
  readonly spool: string;
  readonly startRun: () => Started;
  readonly startWorker: (env?: Readonly<Record<string, string>>, program?: string) => Started;
}

/** An archive and a spool of their own. All workers are ended at the end. */
async function withWorkers(use: (setting: Setting) => Promise<void>): Promise<void> {
  await lab.withArchive(async (archive) => {
    const spool = `${archive}-spool`;
    const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
    const shared = ['--queue', redis.url, '--spool', spool];
    const cwd = join(archive, '..');
    const env = loginAt(lab.server.url);
    const workers: Started[] = [];
    try {
      await use({
        ...{ archive, spool },
        startRun: () => startProgram(['run', jobFile, ...shared], { cwd, env }),
        startWorker: (more = {}, program) => {
          const options = { cwd, env: { ...env, ...more }, ...(program !== undefined && { program }) };
          const worker = startProgram(['worker', ...shared, '-v'], options);
          workers.push(worker);
          return worker;
        },
      });
      // Nothing is left of a run that is published: neither in the spool nor of tasks.
      expect(readdirSync(spool)).toEqual(['spool.json']);
      expect((await redis.keys()).filter((key) => /:[0-9a-f]{20}-\d+$|:(wait|active)$/.test(key))).toEqual([]);
    } finally {
      for (const worker of workers) {
        worker.kill('SIGCONT');
        worker.kill('SIGKILL');
      }
      await Promise.all(workers.map(({ ended }) => ended));
    }
  });
}

/** Pages of lists that were asked for more than once. */
function askedTwice(from: number): readonly string[] {
  const asked = lab
    .requestsSince(from)
    .filter(({ params }) => params['roomId'] !== undefined && params['offset'] !== undefined)
    .map(({ endpoint, params }) => `${endpoint} ${JSON.stringify(params)}`);
  return asked.filter((one, at) => asked.indexOf(one) < at);
}

/** Resolves when so many requests have arrived since. */
async function requestsSince(from: number, count: number): Promise<void> {
  while (lab.server.requests.length < from + count) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('workers that share a queue and a folder with a run', () => {
  it('make the archive that one process makes, also when one of three is killed with kill -9', async () => {
    await withWorkers(async ({ archive, startRun, startWorker }) => {
      const [lost, ...others] = [startWorker(), startWorker(), startWorker()];
      await Promise.all([lost, ...others].map((worker) => worker.told('Waiting for lists')));
      const from = lab.server.requests.length;
      const run = startRun();
      await Promise.race([lost.told('reading'), run.ended]);
      await requestsSince(from, 30);
      lost.kill('SIGKILL');
      const { code, stderr } = await run.ended;
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(stderr).not.toContain('without workers');
      expect(askedTwice(from).length).toBeLessThanOrEqual(mostAskedTwice);
      await lab.expectUnbroken(nodeDisk, archive);
    });
    const written = redis.written().toString('latin1');
    expect(written).toContain('rocketchat-export:');
    for (const secret of [sampleLogin.authToken, sampleLogin.userId, sampleLogin.password, 'alpha'])
      expect(written).not.toContain(secret);
  });
});

describe('a run with workers', () => {
  it('goes on without one whose event loop is blocked, which gives up its list when it wakes', async () => {
    await withWorkers(async ({ archive, startRun, startWorker }) => {
      const blocked = startWorker();
      await blocked.told('Waiting for lists');
      const from = lab.server.requests.length;
      const run = startRun();
      await blocked.told('reading');
      await requestsSince(from, 25);
      blocked.kill('SIGSTOP');
      startWorker();
      const { code, stderr } = await run.ended;
      expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('without workers') });
      expect(askedTwice(from).length).toBeLessThanOrEqual(mostAskedTwice);
      blocked.kill('SIGCONT');
      await Promise.race([blocked.told('another worker'), blocked.told('the run is over')]);
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });

  it('loses nothing when Redis is killed and started again from its append-only file', async () => {
    await withWorkers(async ({ archive, startRun, startWorker }) => {
      const workers = [startWorker(), startWorker()];
      await Promise.all(workers.map((worker) => worker.told('Waiting for lists')));
      const from = lab.server.requests.length;
      const run = startRun();
      await requestsSince(from, 25);
      await redis.killAndRestart();
      const { code, stderr } = await run.ended;
      expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('without workers') });
      expect(askedTwice(from)).toEqual([]);
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });

  it('takes up what workers have done since it was killed with kill -9', async () => {
    await withWorkers(async ({ archive, startRun, startWorker }) => {
      const worker = startWorker();
      await worker.told('Waiting for lists');
      const from = lab.server.requests.length;
      const cut = startRun();
      await requestsSince(from, 25);
      cut.kill('SIGKILL');
      await cut.ended;
      // The lists of the run that is gone are read to their end.
      await worker.told('gamma-room": read');
      const { code, stderr } = await startRun().ended;
      expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('without workers') });
      expect(askedTwice(from)).toEqual([]);
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });

  it('shares them with another run on the same queue', async () => {
    await withWorkers(async ({ archive, spool, startRun, startWorker }) => {
      startWorker();
      await lab.withArchive(async (other) => {
        const jobFile = await writeJobFile(`${other}.yaml`, lab.job(other));
        const args = ['run', jobFile, '--queue', redis.url, '--spool', spool];
        const runs = [startRun(), startProgram(args, { cwd: join(other, '..'), env: loginAt(lab.server.url) })];
        for (const { code, stderr } of await Promise.all(runs.map(({ ended }) => ended)))
          expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('without workers') });
        for (const one of [archive, other]) await lab.expectUnbroken(nodeDisk, one);
      });
    });
  });
});

it('leaves a worker of another version without lists, whose journals may be others', async () => {
  await withOtherVersion('0.0.9', (program) =>
    withWorkers(async ({ archive, startRun, startWorker }) => {
      const [other, own] = [startWorker({}, program), startWorker()];
      await Promise.all([other, own].map((worker) => worker.told('Waiting for lists')));
      const { code, stderr } = await startRun().ended;
      expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('without workers') });
      for (const worker of [other, own]) worker.kill('SIGTERM');
      expect((await own.ended).stderr).toContain('reading');
      expect((await other.ended).stderr).not.toContain('reading');
      await lab.expectUnbroken(nodeDisk, archive);
    }),
  );
});

it('spends the rate limit together with its workers, without one answer 429', async () => {
  const limited = await CrashLab.open([300, 220, 150], {}, { cap: 10, rateLimit: { calls: 10, windowMs: 3_000 } });
  try {
    await limited.withArchive(async (archive) => {
      const jobFile = await writeJobFile(`${archive}.yaml`, limited.job(archive));
      const shared = ['--queue', redis.url, '--spool', `${archive}-spool`];
      const options = { cwd: join(archive, '..'), env: loginAt(limited.server.url) };
      const workers = Array.from({ length: 4 }, () => startProgram(['worker', ...shared], options));
      await Promise.all(workers.map((worker) => worker.told('Waiting for lists')));
      const { code, stderr } = await startProgram(['run', jobFile, ...shared], options).ended;
      for (const worker of workers) worker.kill('SIGTERM');
      await Promise.all(workers.map(({ ended }) => ended));
      expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('without workers') });
    });
    const statuses = limited.server.requests.map(({ status }) => status);
    expect(statuses.length).toBeGreaterThan(60);
    expect(statuses.filter((status) => status === 429)).toEqual([]);
  } finally {
    await limited.close();
  }
});

it('fills journals in a bucket as in a folder, also when a worker is killed with kill -9', async () => {
  const store = await strictS3();
  try {
    await lab.withArchive(async (archive) => {
      const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
      const shared = ['--queue', redis.url, '--spool', 's3://archives/spool'];
      const options = { cwd: join(archive, '..'), env: { ...loginAt(lab.server.url), ...store.variables } };
      const workers = Array.from({ length: 2 }, () => startProgram(['worker', ...shared, '-v'], options));
      const [lost] = workers;
      await Promise.all(workers.map((worker) => worker.told('Waiting for lists')));
      const run = startProgram(['run', jobFile, ...shared], options);
      await Promise.race([lost?.told('reading'), run.ended]);
      lost?.kill('SIGKILL');
      const { code, stderr } = await run.ended;
      for (const worker of workers) worker.kill('SIGTERM');
      await Promise.all(workers.map(({ ended }) => ended));
      expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('without workers') });
      await lab.expectUnbroken(nodeDisk, archive);
      const held = [...store.bucket('archives').versions].filter(([, versions]) => versions.length > 0);
      expect(held.map(([key]) => key)).toEqual(['spool/spool.json']);
    });
  } finally {
    await store.close();
  }
});

describe('a worker', () => {
  it('of another spool never meets the lists of a run, which once ended it with 64', async () => {
    await withWorkers(async ({ archive, startRun, startWorker }) => {
      const cwd = join(archive, '..');
      const other = startProgram(['worker', '--queue', redis.url, '--spool', `${archive}-other`], {
        cwd,
        env: loginAt(lab.server.url),
      });
      await other.told('Waiting for lists');
      startWorker();
      expect(await startRun().ended).toMatchObject({ code: 0, stderr: expect.not.stringContaining('without workers') });
      await lab.expectUnbroken(nodeDisk, archive);
      other.kill('SIGTERM');
      expect(await other.ended).toMatchObject({ code: 0 });
    });
  });

  it('ends with 0 by a signal when it is idle, and without a login says which variables hold it', async () => {
    await lab.withArchive(async (archive) => {
      const cwd = join(archive, '..');
      const args = ['worker', '--queue', redis.url, '--spool', `${archive}-spool`];
      const worker = startProgram(args, { cwd, env: loginAt(lab.server.url) });
      await worker.told('Waiting for lists');
      worker.kill('SIGTERM');
      expect(await worker.ended).toMatchObject({ code: 0 });
      const { code, stderr } = await runProgram(args, { cwd, env: { ROCKETCHAT_URL: lab.server.url } });
      expect({ code, stderr }).toMatchObject({ code: 64, stderr: expect.stringContaining('ROCKETCHAT_AUTH_TOKEN') });
    });
  });
});

describe('a Redis that dies and stays away', () => {
  it.each([
    ['while the run plans', 1],
    ['while workers read', 25],
  ])('hangs neither run nor worker %s', async (_when, requests) => {
    const dying = await startRedis();
    try {
      await lab.withArchive(async (archive) => {
        const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
        const shared = ['--queue', dying.url, '--spool', `${archive}-spool`];
        const options = { cwd: join(archive, '..'), env: loginAt(lab.server.url) };
        const worker = startProgram(['worker', ...shared], options);
        await worker.told('Waiting for lists');
        const from = lab.server.requests.length;
        const run = startProgram(['run', jobFile, ...shared], options);
        await requestsSince(from, requests);
        await dying.kill();
        const { code, stderr } = await run.ended;
        expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('ioredis') });
        await lab.expectUnbroken(nodeDisk, archive);
        worker.kill('SIGTERM');
        const ended = await worker.ended;
        expect({ ...ended, isInOrder: [0, 143].includes(ended.code ?? -1) }).toMatchObject({ isInOrder: true });
      });
    } finally {
      await dying.stop();
    }
  });
});
