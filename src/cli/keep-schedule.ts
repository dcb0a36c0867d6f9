import type { Manifest } from '../archive/manifest/manifest.ts';
import type { Job } from '../job/job.ts';
import { InterruptedError } from '../errors.ts';
import type { RunEvent } from '../run-event.ts';
import type { ScheduleEvent } from '../schedule/schedule-event.ts';
import type { ScheduleOptions } from '../schedule/schedule-jobs.ts';
import type { JobStatus } from '../schedule/schedule-status.ts';
import { runAndFollow, tellPublished, warnOfGaps } from './run-and-follow.ts';
import { printFailed, printPublished } from './result/print-result.ts';
import { logSchedule } from './log/log-schedule.ts';
import { notifyOfOverdue } from './notify/notify-of-overdue.ts';
import { notifyOfRun } from './notify/notify-of-run.ts';
import type { Context } from './command.ts';

interface KeepOptions extends Pick<ScheduleOptions, 'atOnce' | 'healthFile' | 'port'> {
  /** What each run came to goes to stdout. */
  readonly json: boolean;
}

/** Runs jobs when they are due, and shows how it proceeds. Returns and throws as `scheduleJobs`. */
export async function keepSchedule(
  jobs: readonly Job[],
  context: Context,
  { json, ...options }: KeepOptions,
): Promise<void> {
  const { scheduleJobs } = await import('../schedule/schedule-jobs.ts');
  const { processContext } = context;
  const { clock } = processContext;
  // Several runs at once cannot share a status line, and nobody watches for days.
  const log = { ...context.log, isLive: false, status: () => undefined };
  const quiet = { ...context, log };
  const signal = processContext.interruption();
  /** Notifications on their way: the schedule does not wait for them, its end does. */
  const notifying = new Set<Promise<void>>();

  function onEvent(event: ScheduleEvent, status: JobStatus): void {
    const job = jobs.find(({ name }) => name === event.job);
    logSchedule(event, status, log, job?.timezone);
    if (event.kind !== 'skipped' || job === undefined) return;
    const sending = notifyOfOverdue(job, event, status, quiet).finally(() => notifying.delete(sending));
    notifying.add(sending);
  }

  try {
    await scheduleJobs(jobs, {
      ...options,
      clock,
      signal,
      onEvent,
      run: (job, { onEvent: onRunEvent }) => runOnce(job, { json, onEvent: onRunEvent }, quiet),
      onListening: (port) => log.info(`Serving health and metrics on http://127.0.0.1:${port}`, { port }),
      onHealthFileFailure: ({ message, hint }) => log.warn(message, hint === undefined ? {} : { hint }),
    });
    const reason: unknown = signal.reason;
    if (reason instanceof InterruptedError)
      log.info(`Stopped by ${reason.signal}: no run was active`, { signal: reason.signal });
  } finally {
    await Promise.all(notifying);
  }
}

/** @throws what the run throws, also behind publishing, once it is reported */
async function runOnce(
  job: Job,
  { json, onEvent }: { readonly json: boolean; readonly onEvent: (event: RunEvent) => void },
  context: Context,
): Promise<Manifest> {
  const startedMs = context.processContext.clock.now();
  const done = await runAndFollow(job, context).catch(async (error: unknown) => {
    if (json) await printFailed(job, error, context, startedMs);
    await notifyOfRun(job, { kind: 'failed', error, startedMs }, context);
    throw reported(error, context);
  });
  const { manifest, error } = done;
  onEvent({ kind: 'published', manifest });
  warnOfGaps(done, job, context.log);
  if (json) await printPublished(job, done, context);
  tellPublished(done, job, context.log, 'info');
  await notifyOfRun(job, { kind: 'published', done }, context);
  if (error !== undefined) throw reported(error, context);
  return manifest;
}

/** Why all ends is reported once, at the end. */
function reported(error: unknown, context: Context): unknown {
  if (!(error instanceof InterruptedError)) context.fail(error);
  return error;
}
