import type { Job as Task, Worker } from 'bullmq';
import { AccessError, ExportError, OutputError, UsageError } from '../../errors.ts';
import type { RocketChat } from '../../model/rocketchat.ts';
import type { RunStream } from '../../plan/run-plan.ts';
import type { Clock, Every } from '../../system/clock.ts';
import type { Disk } from '../../system/disk.ts';
import { fillStream, type Filled } from '../spool/fill-stream.ts';
import type { Spool } from '../spool/spool.ts';
import { SpooledOrders } from '../spool/spooled-orders.ts';
import { listTaskSchema, queueName, type ListTask, type TaskProgress, type TaskResult } from './list-task.ts';
import { keyPrefix, type RedisAccess } from './open-redis.ts';
import { TasksAtWork } from './tasks-at-work.ts';

interface WorkOptions {
  readonly access: RedisAccess;
  readonly spool: Spool;
  readonly chat: RocketChat;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly every: Every;
  /** Lists at once, and pages that each may be ahead. */
  readonly concurrency: number;
  /** Ends the work in order: lists that are being read go back to the queue, what was read of them stays in the spool. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: WorkEvent) => void;
}

/** What a worker reports. */
export type WorkEvent =
  | { readonly kind: 'reading' | 'given-back' | 'taken-over'; readonly stream: RunStream }
  | { readonly kind: 'done'; readonly stream: RunStream; readonly filled: Filled }
  | { readonly kind: 'failed'; readonly stream: RunStream; readonly error: Error }
  /** Redis is gone, or has lost the task; what is being read is read on. */
  | { readonly kind: 'queue-failed'; readonly error: Error };

/** A worker that does not renew its hold of a task for so long has lost it. Renewed every half of that. */
const lockMs = 20_000;
/** How often each worker looks for tasks that were lost. */
const lookForLostMs = 5_000;
const aliveEveryMs = 5_000;
/** How often a task may be lost before it is given up: a list of a day is read by workers of a minute, too. */
const mostLosses = 1_000;

/**
 * Reads lists of runs into the spool until a signal ends it.
 *
 * @returns whether a list went back to the queue
 * @throws what ends a worker: AccessError for a login that is no longer good, OutputError when the disk refuses
 */
export async function work(options: WorkOptions): Promise<boolean> {
  const { access, spool, chat, disk, clock, every, concurrency, signal, onEvent } = options;
  const { bullmq, newClients } = access;
  const clients = newClients();
  const orders = new SpooledOrders(spool);
  const tasks = new TasksAtWork();
  const ended = new AbortController();
  const over = AbortSignal.any([signal, ended.signal]);
  let hasGivenBack = false;

  async function giveBack(task: Task<ListTask>, token: string, stream: RunStream): Promise<never> {
    hasGivenBack = true;
    await task.moveToWait(token);
    onEvent({ kind: 'given-back', stream });
    throw new bullmq.WaitingError();
  }

  async function read(task: Task<ListTask>, token: string): Promise<TaskResult> {
    const { run: key, list } = listTaskSchema.parse(task.data);
    const found = await orders.listOf(key, list);
    if (found === undefined) return { requests: {} };
    const { run, order, stream } = found;
    const say = (progress: TaskProgress): void => void task.updateProgress(progress).catch(() => undefined);
    const atWork = tasks.begin(task.id ?? '', () => say({ kind: 'alive' }));
    onEvent({ kind: 'reading', stream });
    try {
      const filled = await fillStream(stream, {
        run,
        attempt: token.replaceAll(':', '-'),
        concurrency,
        disk,
        longestPage: order.longestPage,
        runPlan: order.runPlan,
        nowMs: () => clock.now(),
        chat: atWork.reading(chat),
        onEvent: (event) => {
          if (event.kind === 'stream-resumed') say({ kind: 'resumed', messages: event.messages, pages: event.pages });
          if (event.kind !== 'page') return;
          say({ kind: 'page', messages: event.messages, fillsHole: event.fillsHole, total: event.total });
        },
      });
      onEvent({ kind: 'done', stream, filled });
      return { requests: atWork.requests() };
    } catch (error) {
      if (endsWorker(error)) ended.abort(error);
      if (over.aborted) return await giveBack(task, token, stream);
      if (atWork.isTakenOver()) {
        onEvent({ kind: 'taken-over', stream });
        throw error;
      }
      onEvent({ kind: 'failed', stream, error: error instanceof Error ? error : new Error(String(error)) });
      // What went wrong is said in the log of the worker: Redis is told no more than that.
      throw new Error(`a worker gave up (${error instanceof ExportError ? error.kind : 'bug'}), see its log`);
    } finally {
      atWork.end();
    }
  }

  const worker = new bullmq.Worker<ListTask, TaskResult>(
    queueName(chat, spool.id),
    (task, token = '') => read(task, token),
    {
      prefix: keyPrefix,
      connection: clients.open(),
      concurrency,
      autorun: false,
      lockDuration: lockMs,
      stalledInterval: lookForLostMs,
      maxStalledCount: mostLosses,
    },
  );
  worker.on('error', (error) => onEvent({ kind: 'queue-failed', error }));
  worker.on('lockRenewalFailed', (ids) => tasks.takenOver(ids));
  const stopTicking = every(aliveEveryMs, () => tasks.tick());
  try {
    worker.run().catch((error: unknown) => {
      if (!over.aborted) ended.abort(error);
    });
    await aborted(over);
  } finally {
    tasks.takenOver();
    await closeInTime(worker, clock);
    clients.end();
    stopTicking();
  }
  ended.signal.throwIfAborted();
  return hasGivenBack;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Redis may be gone, and what it is to be told never arrive: its workers' locks run out by themselves. */
const closeWithinMs = 5_000;

async function closeInTime(worker: Worker<ListTask, TaskResult>, clock: Clock): Promise<void> {
  const closed = new AbortController();
  const inOrder = worker.close().then(() => closed.abort());
  await Promise.race([inOrder, clock.sleep(closeWithinMs, closed.signal)]).catch(() => undefined);
}

function endsWorker(error: unknown): boolean {
  return (
    error instanceof AccessError ||
    error instanceof OutputError ||
    error instanceof UsageError ||
    !(error instanceof ExportError)
  );
}
