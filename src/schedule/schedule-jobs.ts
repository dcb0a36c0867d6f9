import { resolve } from 'node:path';
import type { Manifest } from '../archive/manifest/manifest.ts';
import { ExportError, exitCodes } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { RunEvent } from '../run-event.ts';
import type { Clock } from '../system/clock.ts';
import { asRefusal } from '../system/disk-errors.ts';
import type { Disk } from '../system/disk.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { HealthFile } from './health-file.ts';
import type { HealthServer } from './health-server.ts';
import { runSchedule } from './run-schedule.ts';
import type { ScheduleEvent } from './schedule-event.ts';
import type { ScheduleMetrics } from './schedule-metrics.ts';
import { scheduleProblems } from './schedule-problems.ts';
import { ScheduleStatus, type HealthReport, type JobStatus } from './schedule-status.ts';
import { publishedRunOf } from './published-run.ts';
import { defaultRunsAtOnce, type ScheduledResult } from './scheduled-job.ts';

/** What a caller asks of a schedule, and what replaces parts of the environment. */
export interface ScheduleOptions {
  readonly clock?: Clock;
  /** For the health file. */
  readonly disk?: Disk;
  /** Runs at the same time; default: 2. */
  readonly atOnce?: number;
  /** Aborting it ends the schedule, with the runs at work in order: their progress is saved. */
  readonly signal?: AbortSignal;
  /** Runs a job once, with these options and what else it should have. Default: `runJob(job, options)`. */
  readonly run?: (job: Job, options: ScheduledRunOptions) => Promise<Manifest>;
  /** Path of a JSON file that is kept up to date with where each job stands. */
  readonly healthFile?: string;
  /** Serves `/healthz` and `/metrics` on this port of 127.0.0.1; 0: any that is free. Absent: nothing is served. */
  readonly port?: number;
  /** Called with the port that is served, before the first run. */
  readonly onListening?: (port: number) => void;
  /** Called with what happens, and with where its job stands then. */
  readonly onEvent?: (event: ScheduleEvent, status: JobStatus) => void;
  /** Called when the health file cannot be written any more: the schedule goes on. */
  readonly onHealthFileFailure?: (error: ExportError) => void;
}

/** What a run of a schedule is given: it ends by the signal, and what is published counts whatever fails behind it. */
export interface ScheduledRunOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/**
 * Runs jobs when their `schedule` says, until the signal is aborted. Jobs of different archives run side by side, one that is
 * still running when it is due again is skipped, and one that fails does not stop the others: the event `ended` has its error.
 *
 * @returns when the signal came while no run was active, or when no job is ever due again
 * @throws JobError for a job without a `schedule`, and for two of one name; OutputError when the health file cannot be written
 *   at the start, UsageError when the port cannot be had; the signal's reason when it cut runs short, once they have ended
 */
export async function scheduleJobs(jobs: readonly Job[], options: ScheduleOptions = {}): Promise<void> {
  const [problem] = scheduleProblems(jobs);
  if (problem !== undefined) throw problem;
  const { signal = new AbortController().signal, ...environment } = {
    ...systemSurroundings(),
    atOnce: defaultRunsAtOnce,
    run: runAlone,
    ...omitUndefined(options),
  };
  const { clock, disk, atOnce, run, healthFile, port, onListening, onEvent, onHealthFileFailure } = environment;
  const timed = jobs.map((job) => ({
    name: job.name,
    archive: job.output,
    server: job.server.url,
    schedule: job.schedule ?? '',
    ...omitUndefined({ timezone: job.timezone }),
    run: () => resultOf((onRunEvent) => run(job, { signal, onEvent: onRunEvent })),
  }));
  const status = new ScheduleStatus(timed);
  const health = (): HealthReport => status.health(clock.now());
  const file = healthFile === undefined ? undefined : new HealthFile(disk, resolve(healthFile));
  let served: { readonly server: HealthServer; readonly metrics: ScheduleMetrics } | undefined;
  try {
    // A service whose health nobody can see should not start; later a full disk must not end it.
    await file?.write(health());
    if (port !== undefined) served = await serve(port, jobs, health);
    if (served !== undefined) onListening?.(served.server.port);
    await runSchedule(timed, {
      atOnce,
      clock,
      signal,
      onEvent: (event) => {
        status.apply(event);
        served?.metrics.apply(event);
        onEvent?.(event, status.of(event.job));
        file?.write(health()).catch((error: unknown) => {
          if (!(error instanceof ExportError)) throw error;
          onHealthFileFailure?.(error);
        });
      },
    });
  } finally {
    await served?.server.close();
    await file?.settled();
  }
}

async function runAlone(job: Job, options: ScheduledRunOptions): Promise<Manifest> {
  const { runJob } = await import('../pipeline.ts');
  return runJob(job, options);
}

async function serve(
  port: number,
  jobs: readonly Job[],
  health: () => HealthReport,
): Promise<{ readonly server: HealthServer; readonly metrics: ScheduleMetrics }> {
  const { createScheduleMetrics } = await import('./schedule-metrics.ts');
  const { serveHealth } = await import('./health-server.ts');
  const metrics = createScheduleMetrics(jobs.map(({ name }) => name));
  return { server: await serveHealth({ port, health, metrics }), metrics };
}

/** What a run came to, as the process that it would have been alone says it. */
async function resultOf(run: (onEvent: (event: RunEvent) => void) => Promise<Manifest>): Promise<ScheduledResult> {
  let published: Manifest | undefined;
  try {
    published = await run((event) => {
      if (event.kind === 'published') published = event.manifest;
    });
    return {
      exitCode: published.gaps.length > 0 ? exitCodes.gaps : exitCodes.complete,
      published: publishedRunOf(published),
    };
  } catch (error) {
    const failure = error instanceof ExportError ? error : asRefusal(error);
    const exitCode = failure?.exitCode ?? exitCodes.bug;
    return { exitCode, published: published === undefined ? null : publishedRunOf(published), error };
  }
}
