import { StoppedError } from '../../errors.ts';
import type { RunPlan } from '../../plan/run-plan.ts';
import type { QueueReport, TaskQueue } from '../task-queue.ts';
import { queueName, taskId, taskProgressSchema, taskResultSchema, type ListTask } from './list-task.ts';
import { keyPrefix, type RedisAccess } from './open-redis.ts';

/** Commands in one go. */
const batch = 500;

/** How often a list is tried when the server, or the network of a worker, fails. */
const attempts = 3;
const retryAfterMs = 5_000;

/** Redis answers in milliseconds, or is being started again. */
const commandTimeoutMs = 15_000;

/**
 * The queue of a run's lists, on BullMQ.
 *
 * @param run see runKey
 * @param onReport what workers report of it, as far as that reaches us
 */
export async function openRunQueue(
  { bullmq, connection }: RedisAccess,
  { server, spool, run }: { readonly server: RunPlan['server']; readonly spool: string; readonly run: string },
  onReport: (report: QueueReport) => void,
): Promise<TaskQueue> {
  const name = queueName(server);
  const queue = new bullmq.Queue<ListTask>(name, {
    prefix: keyPrefix,
    connection: { ...connection, commandTimeout: commandTimeoutMs },
    streams: { events: { maxLen: 1_000 } },
  });
  const events = new bullmq.QueueEvents(name, { prefix: keyPrefix, connection });
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
  const inTime = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      throw new StoppedError('Redis does not respond any more', { cause });
    }
  };
  await events.waitUntilReady();
  return {
    add: async (lists) => {
      for (const some of batches(lists)) {
        await inTime(
          queue.addBulk(
            some.map((list) => ({
              name: 'list',
              data: { spool, run, list },
              opts: {
                ...{ jobId: taskId(run, list), attempts, backoff: { type: 'fixed', delay: retryAfterMs } },
                // A task that stays there would keep one of the same id from being added.
                ...{ removeOnComplete: true, removeOnFail: true },
              },
            })),
          ),
        );
      }
    },
    workers: () => queue.getWorkersCount().catch(() => null),
    remove: async (lists) => {
      for (const some of batches(lists)) await inTime(Promise.all(some.map((list) => queue.remove(taskId(run, list)))));
    },
    close: async () => {
      await Promise.allSettled([queue.close(), events.close()]);
    },
  };
}

function batches(lists: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(lists.length / batch) }, (_, at) => lists.slice(at * batch, (at + 1) * batch));
}
