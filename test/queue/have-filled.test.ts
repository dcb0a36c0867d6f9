import { expect, describe, it } from '@jest/globals';
import type { RunEvent } from '../../src/run-event.ts';
import type { Job } from '../../src/job/job.ts';
import type { Workers } from '../../src/environment.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { StoppedError } from '../../src/errors.ts';
import { runJob } from '../../src/pipeline.ts';
import { haveJournalsFilled } from '../../src/queue/have-filled.ts';
import { inTime } from '../../src/queue/in-time.ts';
import { fillStream } from '../../src/queue/spool/fill-stream.ts';
import { openFolderSpool } from '../../src/queue/spool/folder/open-folder-spool.ts';
import { listNumber, type QueueReport, type TaskQueue } from '../../src/queue/task-queue.ts';
import { connect } from '../../src/rocketchat/connect.ts';
import { createBudget } from '../../src/rocketchat/pacing/budget.ts';
import type { Clock } from '../../src/system/clock.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { archiveContents } from '../support/archives/archive-contents.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { failure } from '../support/failure.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { threeRooms } from '../support/workspaces/three-rooms.ts';

const inFolder = temporaryFolder();
const patienceMs = 60_000;
const longIt = quickOrLong(it.skip, it);

/** What becomes of the task of a list; `pages`: the worker is gone behind so many of them. */
type Fate =
  | { readonly kind: 'filled' | 'filled-unreported' | 'nothing' | 'failed' }
  | { readonly kind: 'lost'; readonly pages: number };

interface Setting {
  readonly job: Job;
  readonly events: RunEvent[];
  readonly removed: string[];
  /** Workers that do with each list, in order, what `fates` says. */
  readonly workers: (fates: readonly Fate[], signal?: AbortController, queue?: Partial<TaskQueue>) => Workers;
}

async function withRooms(name: string, use: (setting: Setting) => Promise<void>): Promise<void> {
  const served = await serveWorkspace(threeRooms());
  const job = jobFor(served.url, inFolder(name), { extract: [{ rooms: ['*'], pageSize: 20 }] });
  const events: RunEvent[] = [];
  const removed: string[] = [];
  const spool = await openFolderSpool(nodeDisk, inFolder(`${name}-spool`), 'spool');

  async function work(run: string, list: string, fate: Fate, report: (report: QueueReport) => void): Promise<void> {
    if (fate.kind === 'nothing') return;
    if (fate.kind === 'failed') {
      report({ kind: 'failed', list, message: 'the server is down' });
      return;
    }
    const spooled = spool.run(run);
    const order = await spooled.order();
    const stream = order?.runPlan.streams.find((one) => listNumber(one) === list);
    if (order === undefined || stream === undefined) throw new Error(`Nothing is ordered of ${list}`);
    const gone = new AbortController();
    const chat = await connect({ ...here, ...job.server, concurrency: 1, signal: gone.signal });
    let pages = 0;
    await fillStream(stream, {
      ...{ run: spooled, attempt: 'only', concurrency: 1, disk: nodeDisk, chat, longestPage: { rows: 0 } },
      ...{ nowMs: () => here.clock.now(), runPlan: order.runPlan },
      onEvent: (event) => {
        if (event.kind !== 'page') return;
        report({ ...event, list });
        pages += 1;
        if (fate.kind === 'lost' && pages === fate.pages) gone.abort(new StoppedError('gone'));
      },
    }).catch((error: unknown) => {
      if (fate.kind !== 'lost') throw error;
    });
    await chat.close();
    if (fate.kind === 'filled') report({ kind: 'filled', list, requests: { 'groups.messages': 2 } });
  }

  const workers = (fates: readonly Fate[], stop?: AbortController, queue: Partial<TaskQueue> = {}): Workers => {
    // Patience ends when all workers have done what they do, however long that takes here.
    let nowMs = 0;
    const clock: Clock = { now: () => nowMs, sleep: (_ms, signal) => here.clock.sleep(20, signal) };
    const end = (): void => {
      if (stop === undefined) nowMs += patienceMs;
      else stop.abort(new StoppedError('the run is stopped'));
    };
    const fillJournals: Workers['fillJournals'] = (asked) =>
      haveJournalsFilled({
        ...{ ...asked, clock, spool, patienceMs },
        openQueue: (run, onReport): TaskQueue => ({
          add: (lists) => {
            void Promise.all(lists.map((list, at) => work(run, list, fates[at] ?? { kind: 'nothing' }, onReport))).then(
              end,
            );
            return Promise.resolve();
          },
          workers: () => Promise.resolve(fates.length),
          remove: (lists) => {
            removed.push(...lists);
            return Promise.resolve();
          },
          close: () => undefined,
          ...queue,
        }),
      });
    return { newBudget: createBudget, fillJournals };
  };
  try {
    await use({ job, events, removed, workers });
    expect(await spool.keys()).toEqual([]);
  } finally {
    await served.close();
  }
}

const filled: Fate = { kind: 'filled' };

/** Of lists that were read, by the progress view: so many messages of each, and whether it was said that it is read. */
function counted(events: readonly RunEvent[]): Readonly<Record<string, number>> {
  const messages: Record<string, number> = {};
  for (const event of events) {
    if (event.kind === 'page' || event.kind === 'stream-resumed')
      messages[event.room] = (messages[event.room] ?? 0) + event.messages;
  }
  return messages;
}

describe('a run whose journals workers fill', () => {
  it('publishes what it would have published alone, and reports each page once', async () => {
    await withRooms('filled', async ({ job, events, workers }) => {
      await runJob({ ...job, output: inFolder('alone') }, { ...here, onEvent: (event) => events.push(event) });
      const alone = { read: events.filter(({ kind }) => kind === 'stream-read'), counted: counted(events.splice(0)) };
      const manifest = await runJob(job, {
        ...here,
        workers: workers([filled, { kind: 'filled-unreported' }, { kind: 'lost', pages: 1 }]),
        onEvent: (event) => events.push(event),
      });
      expect(await archiveContents(nodeDisk, job.output)).toEqual(await archiveContents(nodeDisk, inFolder('alone')));
      expect(counted(events)).toEqual(alone.counted);
      expect(events.filter(({ kind }) => kind === 'stream-read')).toEqual(expect.arrayContaining(alone.read));
      expect(events).toContainEqual({ kind: 'queued', lists: 3, workers: 3 });
      // The one of the lost worker is read on behind its page by the run.
      const rest = { kind: 'reading-rest', lists: 1, because: expect.stringContaining('no worker was heard of') };
      expect(events).toContainEqual(rest);
      // What the one worker reported, and the rest.
      expect(manifest.requests['groups.messages']?.requests).toBeGreaterThan(2);
      expect(manifest.requests['groups.messages']?.requests).toBeLessThan(7);
    });
  });

  it.each(quickOrLong(['workers'] as const, ['add', 'workers', 'remove'] as const))(
    'does not hang when Redis is gone for ever: %s never comes back',
    async (asked) => {
      await withRooms(`gone-${asked}`, async ({ job, events, workers }) => {
        const fates = asked === 'remove' ? [filled, filled, filled] : [];
        const queue: Partial<TaskQueue> = { [asked]: () => new Promise<never>(() => undefined) };
        await runJob(job, {
          ...here,
          workers: workers(fates, undefined, queue),
          onEvent: (event) => events.push(event),
        });
        const rest = { kind: 'reading-rest', lists: 3, because: 'Redis does not respond any more' };
        expect(events.filter(({ kind }) => kind === 'reading-rest')).toEqual(asked === 'remove' ? [] : [rest]);
      });
    },
  );

  it('ends by a signal while Redis does not respond', async () => {
    const stop = new AbortController();
    const asked = inTime(new Promise<never>(() => undefined), here.clock, stop.signal);
    stop.abort(new StoppedError('the run is stopped'));
    await expect(asked).rejects.toThrow('the run is stopped');
  });

  longIt('reads by itself at once what workers have given up', async () => {
    await withRooms('failed', async ({ job, events, removed, workers }) => {
      const fates: Fate[] = [filled, { kind: 'failed' }, filled];
      await runJob(job, { ...here, workers: workers(fates), onEvent: (event) => events.push(event) });
      expect(events).toContainEqual({ kind: 'reading-rest', lists: 1, because: 'the server is down' });
      expect(removed).toEqual(['0001', '0002', '0003']);
    });
  });

  longIt(
    'leaves queue and spool to the run that resumes it when it is stopped, which hands out what it lacks only',
    async () => {
      await withRooms('stopped', async ({ job, events, removed, workers }) => {
        const stop = new AbortController();
        const cut = workers([filled, { kind: 'lost', pages: 1 }], stop);
        expect(await failure(runJob(job, { ...here, workers: cut, signal: stop.signal }))).toMatchObject({
          kind: 'stopped',
        });
        expect(removed).toEqual([]);
        await runJob(job, {
          ...here,
          workers: workers([filled, filled]),
          onEvent: (event) => events.push(event),
        });
        expect(events).toContainEqual({ kind: 'queued', lists: 2, workers: 2 });
        await runJob({ ...job, output: inFolder('alone-too') }, here);
        expect(await archiveContents(nodeDisk, job.output)).toEqual(
          await archiveContents(nodeDisk, inFolder('alone-too')),
        );
      });
    },
  );
});
