import type { RunPlan } from '../../plan/run-plan.ts';
import type { QueueReport, TaskQueue } from '../task-queue.ts';
import { queueName, taskId, taskProgressSchema, taskResultSchema, type ListTask } from './list-task.ts';
import { keyPrefix, type RedisAccess } from './open-redis.ts';

/** Commands in one go. */
const batch = 500;

/** How often a list is tried when the server, or the network of a worker, fails. */
const attempts = 3;
const retryAfterMs = 5_000;

/**
 * The queue of a run's lists, on BullMQ.
 *
 * @param of `spool`: the id of the one that has the run's folder; `run`: see runKey
 * @param onReport what workers report of it, as far as that reaches us
 */
export function openRunQueue(
  { bullmq, newClients }: RedisAccess,
  { server, spool, run }: { readonly server: RunPlan['server']; readonly spool: string; readonly run: string },
  onReport: (report: QueueReport) => void,
): TaskQueue {
  const name = queueName(server, spool);
  const clients = newClients();
  const queue = new bullmq.Queue<ListTask>(name, {
    prefix: keyPrefix,
    connection: clients.open(),
    streams: { events: { maxLen: 1_000 } },
  });
  const events = new bullmq.QueueEvents(name, {
    prefix: keyPrefix,
    connection: clients.open({ lazyConnect: true }),
  });
  // Lost reports cost nothing but time: the spool says what has been read.
  queue.on('error', () => undefined);
  events.on('error', () => undefined);
  const ownPart = taskId(run, '');
  const report = (id: string, of: (list: string) => QueueReport): void =>
    onReport(id.startsWith(ownPart) ? of(id.slice(ownPart.length)) : { kind: 'alive' });
  events.on('active', ({ jobId }) => report(jobId, () => ({ kind: 'alive' })));
  events.on('completed', ({ jobId, returnvalue }) => {
    const { requests = {} } = taskResultSchema.safeParse(returnvalue).data ?? {};
    report(jobId, (list) => ({ kind: 'filled', list, requests }));
  });
  events.on('failed', ({ jobId, failedReason: message }) =>
    report(jobId, (list) => ({ kind: 'failed', list, message })),
  );
  events.on('progress', ({ jobId, data }) => {
    const progress = taskProgressSchema.safeParse(data).data ?? { kind: 'alive' };
    report(jobId, (list) => ({ ...progress, list }));
  });
  return {
    add: async (lists) => {
      await events.waitUntilReady();
      for (const some of batches(lists)) {
        await queue.addBulk(
          some.map((list) => ({
            name: 'list',
            data: { run, list },
            opts: {
              jobId: taskId(run, list),
              attempts,
              backoff: { type: 'fixed', delay: retryAfterMs },
              // A task that stays there would keep one of the same id from being added.
              removeOnComplete: true,
              removeOnFail: true,
            },
          })),
        );
      }
    },
    workers: () => queue.getWorkersCount().catch(() => null),
    remove: async (lists) => {
      for (const some of batches(lists)) await Promise.all(some.map((list) => queue.remove(taskId(run, list))));
    },
    close: () => {
      // What they say to Redis before they are closed may never be answered: its loop ends all the same.
      for (const part of [queue, events]) part.close().catch(() => undefined);
      clients.end();
    },
  };
}

function batches(lists: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(lists.length / batch) }, (_, at) => lists.slice(at * batch, (at + 1) * batch));
}
