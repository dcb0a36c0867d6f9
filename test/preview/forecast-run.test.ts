import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createSampleWorkspace } from '../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace, type ServedWorkspace } from '../../src/demo/server/server.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import type { Job } from '../../src/job/job.ts';
import { runJob } from '../../src/pipeline.ts';
import { connect } from '../../src/rocketchat/connect.ts';
import { forecastRun, type RunForecast } from '../../src/preview/forecast-run.ts';
import { inflict } from '../support/network/faults.ts';
import { fullJob, newProcess } from '../support/runs/new-process.ts';
import { withArchive } from '../support/disk/temporary-folder.ts';
import { post, threeRooms } from '../support/workspaces/three-rooms.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

/** Only ever read. */
const sample = createSampleWorkspace();

async function planOf(job: Job): Promise<RunForecast> {
  const { clock, random } = newProcess();
  const chat = await connect({ ...job.server, concurrency: job.concurrency, clock, random });
  try {
    return await forecastRun(nodeDisk, job, chat, new Date(clock.now()).toISOString());
  } finally {
    await chat.close();
  }
}

const jsonl: Partial<Job> = { sinks: [{ format: 'jsonl' }], concurrency: 1 };

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Runs the job and answers how many requests it made, by the server's own count. */
async function requestsOfRun(job: Job, served: ServedWorkspace): Promise<number> {
  const before = served.requests.length;
  await runJob(job, newProcess());
  return served.requests.length - before;
}

function expectNear(planned: number, made: number): void {
  expect(Math.abs(planned - made)).toBeLessThanOrEqual(Math.max(2, made * 0.05));
}

describe('the plan of a run', () => {
  it.each(quickOrLong([100], [100, 50]))(
    'names the requests that the run makes, fresh and later, at %i rows per page',
    async (cap) => {
      const served = await serveWorkspace(quickOrLong(threeRooms([300, 200, 150]), sample), { cap });
      await withArchive(async (archive) => {
        const job = fullJob(served.url, archive, jsonl);
        const fresh = await planOf(job);
        expect(fresh).toMatchObject({ run: 1, resumed: false, pageRows: cap, isPageAssumed: false });
        expectNear(sum(fresh.requests), await requestsOfRun(job, served));

        const second = await planOf(job);
        expect(second).toMatchObject({ run: 2, resumed: false, pageRows: cap, isPageAssumed: false });
        expect(second.streams.filter(({ basis }) => basis === 'counted').map(({ messages }) => messages)).toEqual(
          second.streams.filter(({ basis }) => basis === 'counted').map(() => 0),
        );
        expectNear(sum(second.requests), await requestsOfRun(job, served));
        expect(second.streams.every(({ stream }) => !stream.isNew)).toBe(true);
      });
      await served.close();
    },
  );

  it('has the requests for users, also before any run has listed them', async () => {
    const workspace = threeRooms([3, 2, 1]);
    const served = await serveWorkspace(workspace);
    await withArchive(async (archive) => {
      const transform: Job['transform'] = { tables: ['messages', 'users', 'room_members'] };
      const job = fullJob(served.url, archive, { ...jsonl, transform });
      const fresh = await planOf(job);
      expect(fresh.unknown).toEqual([]);
      expect(fresh.asked).toMatchObject({ 'users.list': 1 });
      expect(await requestsOfRun(job, served)).toBe(sum(fresh.requests));
      expect((await planOf(job)).asked['users.list']).toBeUndefined();
    });
    await served.close();
  });

  longIt('holds, too, for a run that asks ahead into bursts of one millisecond', async () => {
    const served = await serveWorkspace(sample);
    await withArchive(async (archive) => {
      const job = fullJob(served.url, archive, { ...jsonl, concurrency: 4 });
      const planned = sum((await planOf(job)).requests);
      expectNear(planned, await requestsOfRun(job, served));
    });
    await served.close();
  });

  longIt('counts what is new: messages, rooms, requests', async () => {
    const workspace = threeRooms([120, 75, 40]);
    const served = await serveWorkspace(workspace);
    await withArchive(async (archive) => {
      const groups: Job['extract'] = [{ endpoint: 'groups.messages', rooms: ['*', '!beta-room'] }];
      const all: Job['extract'] = [{ endpoint: 'groups.messages', rooms: ['*'] }];
      await runJob(fullJob(served.url, archive, { ...jsonl, extract: groups }), newProcess());
      post(workspace, 'alpha', 350);
      const job = fullJob(served.url, archive, { ...jsonl, extract: all });
      const plan = await planOf(job);
      expect(plan.streams.map(({ stream, messages }) => [stream.room.id, stream.isNew, messages])).toEqual([
        ['alpha', false, expect.closeTo(350, -2)],
        ['beta', true, expect.closeTo(75, -1)],
      ]);
      expectNear(sum(plan.requests), await requestsOfRun(job, served));
      // No list had to be asked for: the room list tells them all.
      expect(plan.asked).toEqual({ me: 1, '/api/info': 1, 'subscriptions.get': 1, 'rooms.get': 1 });
    });
    await served.close();
  });

  it('of an interrupted run counts only what is left, and leaves every file as it is, locked or not', async () => {
    const workspace = quickOrLong(threeRooms([200, 160, 120]), sample);
    const pagesBeforeCut = quickOrLong(15, 60);
    const served = await serveWorkspace(workspace, { cap: 20 });
    await withArchive(async (archive) => {
      const job = fullJob(served.url, archive, jsonl);
      const whole = await planOf(job);
      expect(await nodeDisk.list(archive)).toBeUndefined();

      const cut = new AbortController();
      let pages = 0;
      const run = runJob(job, {
        ...newProcess(),
        signal: cut.signal,
        onEvent: ({ kind }) => kind === 'page' && ++pages === pagesBeforeCut && cut.abort(),
      });
      await expect(run).rejects.toThrow('what was read is saved');
      await mkdir(archive, { recursive: true });
      await writeFile(join(archive, '_lock.json'), 'held');
      const before = await readdir(archive, { recursive: true });
      const left = await planOf(job);
      expect(await readdir(archive, { recursive: true })).toEqual(before);
      await nodeDisk.remove(join(archive, '_lock.json'));

      expect(left).toMatchObject({ run: 1, resumed: true, pageRows: 20, isPageAssumed: false });
      expect(left.streams.some(({ basis }) => basis === 'finished')).toBe(true);
      const messages = ({ streams }: RunForecast): number =>
        streams.reduce((total, one) => total + (one.messages ?? 0), 0);
      expect(messages(left)).toBeLessThan(messages(whole));
      expect(left.requests['rooms.get']).toBeUndefined();
      expectNear(sum(left.requests), await requestsOfRun(job, served));
    });
    await served.close();
  });

  it('asks for five lists of an endpoint at most and infers the others, where the room list has no counters', async () => {
    const served = await serveWorkspace(sample, {
      intercept: inflict(({ endpoint }) =>
        endpoint === 'rooms.get'
          ? { kind: 'answer', status: 403, contentType: 'application/json', body: '{"success":false}' }
          : null,
      ),
    });
    await withArchive(async (archive) => {
      const job = fullJob(served.url, archive, jsonl);
      const plan = await planOf(job);
      expect(plan.asked['groups.messages']).toBeLessThanOrEqual(6);
      expect(plan.asked['chat.getMentionedMessages']).toBe(5);
      const bases = plan.streams.map(({ basis }) => basis);
      expect(bases.filter((basis) => basis === 'reported')).toHaveLength(10);
      expect(bases.filter((basis) => basis === 'extrapolated')).toHaveLength(plan.streams.length - 10);
      expect(plan.streams.every(({ requests }) => requests !== null)).toBe(true);
    });
    await served.close();
  });

  it('plans one request for a room that the server refuses', async () => {
    const served = await serveWorkspace(threeRooms(), {
      intercept: inflict(({ endpoint, params }) =>
        endpoint === 'chat.getMentionedMessages' && params['roomId'] === 'beta'
          ? { kind: 'answer', status: 400, contentType: 'application/json', body: '{"success":false,"error":"no"}' }
          : null,
      ),
    });
    await withArchive(async (archive) => {
      const plan = await planOf(fullJob(served.url, archive, jsonl));
      const refused = plan.streams.filter(({ basis }) => basis === 'refused');
      expect(refused).toEqual([{ stream: expect.anything(), messages: 0, requests: 1, basis: 'refused' }]);
    });
    await served.close();
  });

  it('knows the limit that the server tells', async () => {
    const nowMs = Date.UTC(2026, 0, 1);
    let served = await serveWorkspace(threeRooms(), { rateLimit: { calls: 10, windowMs: 60_000 }, now: () => nowMs });
    await withArchive(async (archive) => {
      const plan = await planOf(fullJob(served.url, archive, jsonl));
      expect(plan.rateLimits['rooms.get']).toEqual({ calls: 10, windowMs: 60_000 });
    });
    await served.close();
    served = await serveWorkspace(threeRooms(), { rateLimit: null });
    await withArchive(async (archive) => {
      expect((await planOf(fullJob(served.url, archive, jsonl))).rateLimits).toEqual({});
    });
    await served.close();
  });
});
