import type { Job } from '../job/job.ts';
import { ExportError, InterruptedError } from '../errors.ts';
import type { HealthServer } from '../schedule/health-server.ts';
import type { ScheduleEvent } from '../schedule/schedule-event.ts';
import type { HealthReport } from '../schedule/schedule-status.ts';
import type { ScheduledResult } from '../schedule/scheduled-job.ts';
import { runCounts } from './report/run/run-counts.ts';
import { runAndFollow, tellPublished, warnOfGaps } from './run-and-follow.ts';
import { printFailed, printPublished } from './result/print-result.ts';
import { logSchedule } from './log/log-schedule.ts';
import { notifyOfOverdue } from './notify/notify-of-overdue.ts';
import { notifyOfRun } from './notify/notify-of-run.ts';
import type { Context } from './command.ts';

interface TimedJob {
  readonly job: Job;
  readonly schedule: string;
}

interface KeepOptions {
  /** See runSchedule. */
  readonly atOnce: number;
  /** What each run came to goes to stdout. */
  readonly json: boolean;
  /** Absolute. */
  readonly healthFile?: string;
  /** Of the loopback server for health and metrics; absent: none. */
  readonly port?: number;
}

/**
 * Runs jobs when they are due, shows how it proceeds, and keeps health file and server up to date. Returns when a signal
 * came while no run was active, or when no job is ever due again.
 *
 * @throws InterruptedError when a signal cut runs short; OutputError when the health file cannot be
 *   written at the start, UsageError when the port cannot be had
 */
export async function keepSchedule(
  timed: readonly TimedJob[],
  context: Context,
  { atOnce, json, healthFile, port }: KeepOptions,
): Promise<void> {
  const { processContext } = context;
  const [
    { runSchedule },
    { ScheduleStatus },
    { createScheduleMetrics },
    { HealthFile },
    { serveHealth },
    { nodeDisk },
  ] = await Promise.all([
    import('../schedule/run-schedule.ts'),
    import('../schedule/schedule-status.ts'),
    import('../schedule/schedule-metrics.ts'),
    import('../schedule/health-file.ts'),
    import('../schedule/health-server.ts'),
    import('../system/disk.ts'),
  ]);
  // Several runs at once cannot share a status line, and nobody watches for days.
  const log = { ...context.log, isLive: false, status: () => undefined };
  const jobs = timed.map(({ job, schedule }) => ({
    name: job.name,
    archive: job.output,
    server: job.server.url,
    schedule,
    ...(job.timezone !== undefined && { timezone: job.timezone }),
    run: () => runOnce(job, { ...context, log }, json),
  }));
  const status = new ScheduleStatus(jobs);
  const metrics = createScheduleMetrics(jobs.map(({ name }) => name));
  const health = (): HealthReport => status.health(processContext.clock.now());
  const file = healthFile === undefined ? undefined : new HealthFile(nodeDisk, healthFile);

  /** Notifications on their way: the schedule does not wait for them, its end does. */
  const notifying = new Set<Promise<void>>();

  function onEvent(event: ScheduleEvent): void {
    status.apply(event);
    metrics.apply(event);
    logSchedule(event, status.of(event.job), log, jobs.find(({ name }) => name === event.job)?.timezone);
    file?.write(health()).catch(warnOf);
    const late = event.kind === 'skipped' ? timed.find(({ job }) => job.name === event.job) : undefined;
    if (event.kind !== 'skipped' || late === undefined) return;
    const sending = notifyOfOverdue(late.job, event, { ...context, log }).finally(() => notifying.delete(sending));
    notifying.add(sending);
  }

  function warnOf(error: unknown): void {
    if (!(error instanceof ExportError)) throw error;
    log.warn(error.message, error.hint === undefined ? {} : { hint: error.hint });
  }

  let server: HealthServer | undefined;
  try {
    // A service whose health nobody can see should not start; later a full disk must not end it.
    await file?.write(health());
    if (port !== undefined) {
      server = await serveHealth({ port, health, metrics });
      log.info(`Serving health and metrics on http://127.0.0.1:${server.port}`, { port: server.port });
    }
    const signal = processContext.interruption();
    await runSchedule(jobs, { atOnce, clock: processContext.clock, signal, onEvent });
    const reason: unknown = signal.reason;
    if (reason instanceof InterruptedError)
      log.info(`Stopped by ${reason.signal}: no run was active`, { signal: reason.signal });
  } finally {
    await Promise.all(notifying);
    await server?.close();
    await file?.settled();
  }
}

/** Never rejects: a failed run is reported, and is over. */
async function runOnce(job: Job, context: Context, json: boolean): Promise<ScheduledResult> {
  const startedMs = context.processContext.clock.now();
  try {
    const done = await runAndFollow(job, context);
    const { manifest, error } = done;
    warnOfGaps(done, job, context.log);
    if (json) await printPublished(job, done, context);
    tellPublished(done, job, context.log, 'info');
    await notifyOfRun(job, { kind: 'published', done }, context);
    const exitCode = error === undefined ? done.exitCode : codeOf(error, context);
    const { messages } = runCounts(manifest);
    return { exitCode, published: { messages, gaps: manifest.gaps.length, requests: manifest.requests } };
  } catch (error) {
    if (json) await printFailed(job, error, context, startedMs);
    await notifyOfRun(job, { kind: 'failed', error, startedMs }, context);
    return { exitCode: codeOf(error, context), published: null };
  }
}

/** Reports what failed; why all ends is reported once, at the end. */
function codeOf(error: unknown, context: Context): number {
  return error instanceof InterruptedError ? error.exitCode : context.fail(error);
}
