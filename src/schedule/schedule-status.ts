import { minuteMs } from '../model/time/durations.ts';
import { exitCodes } from '../errors.ts';
import { nextRunMs as nextRunAfter, type Timetable } from './next-run.ts';
import type { ScheduleEvent } from './schedule-event.ts';

/** Where a job of the schedule stands. Times are epoch milliseconds. */
export interface JobStatus {
  readonly isRunning: boolean;
  /** Due, and waiting for the runs of other jobs to end. */
  readonly isWaiting: boolean;
  readonly lastStartMs: number | null;
  readonly lastEndMs: number | null;
  readonly lastExitCode: number | null;
  /** End of the last run that published, gaps or not. */
  readonly lastSuccessMs: number | null;
  readonly nextRunMs: number | null;
  /** Runs since the last success that failed; one that a signal ended is none. */
  readonly consecutiveFailures: number;
  /** Times the job was due while its archive was still being written to. */
  readonly skipped: number;
}

const atFirst: JobStatus = {
  isRunning: false,
  isWaiting: false,
  lastStartMs: null,
  lastEndMs: null,
  lastExitCode: null,
  lastSuccessMs: null,
  nextRunMs: null,
  consecutiveFailures: 0,
  skipped: 0,
};

/** Due for so long without a start: whatever should start it hangs. */
const overdueMs = 5 * minuteMs;

/** A run with gaps has published what could be read: that is for people to look at, not for a machine to try again. */
export function isSuccess(exitCode: number): boolean {
  return exitCode === exitCodes.complete || exitCode === exitCodes.gaps;
}

function isInterruption(exitCode: number): boolean {
  return exitCode === exitCodes.sigint || exitCode === exitCodes.sigterm;
}

/** Adds one event to what is known of its job. */
function statusAfter(status: JobStatus, event: ScheduleEvent): JobStatus {
  switch (event.kind) {
    case 'planned':
      return { ...status, nextRunMs: event.nextRunMs };
    case 'waiting':
      return { ...status, isWaiting: true, nextRunMs: event.nextRunMs };
    case 'started':
      return { ...status, isRunning: true, isWaiting: false, lastStartMs: event.atMs };
    case 'skipped':
      return { ...status, skipped: status.skipped + 1, nextRunMs: event.nextRunMs };
    case 'ended': {
      const { exitCode } = event.result;
      const ended = { ...status, isRunning: false, lastEndMs: event.atMs, lastExitCode: exitCode };
      if (isSuccess(exitCode)) return { ...ended, lastSuccessMs: event.atMs, consecutiveFailures: 0 };
      return isInterruption(exitCode) ? ended : { ...ended, consecutiveFailures: status.consecutiveFailures + 1 };
    }
  }
}

/** Keeps where every job stands, from the events of the schedule. */
export class ScheduleStatus {
  readonly #timetables: ReadonlyMap<string, Timetable>;
  readonly #jobs = new Map<string, JobStatus>();

  constructor(jobs: readonly (Timetable & { readonly name: string })[]) {
    this.#timetables = new Map(jobs.map((job) => [job.name, job]));
    for (const { name } of jobs) this.#jobs.set(name, atFirst);
  }

  apply(event: ScheduleEvent): void {
    this.#jobs.set(event.job, statusAfter(this.of(event.job), event));
  }

  of(job: string): JobStatus {
    return this.#jobs.get(job) ?? atFirst;
  }

  /** For the health file and `/healthz`: whether all is well, why not, and where each job stands. Times in ISO 8601. */
  health(nowMs: number): HealthReport {
    const reasons = [...this.#jobs].flatMap(([job, status]) => [
      ...reasonsOf(job, status, nowMs),
      ...latenessOf(job, status.nextRunMs, this.#timetables.get(job), nowMs),
    ]);
    return {
      version: 1,
      status: reasons.length === 0 ? 'ok' : 'failing',
      reasons,
      updatedAt: iso(nowMs),
      jobs: Object.fromEntries(
        [...this.#jobs].map(([job, status]) => [
          job,
          {
            schedule: this.#timetables.get(job)?.schedule ?? '',
            timezone: this.#timetables.get(job)?.timezone ?? null,
            running: status.isRunning,
            waiting: status.isWaiting,
            lastStart: iso(status.lastStartMs),
            lastEnd: iso(status.lastEndMs),
            lastExitCode: status.lastExitCode,
            lastSuccess: iso(status.lastSuccessMs),
            nextRun: iso(status.nextRunMs),
            consecutiveFailures: status.consecutiveFailures,
            skipped: status.skipped,
          },
        ]),
      ),
    };
  }
}

export interface HealthReport {
  readonly version: 1;
  readonly status: 'ok' | 'failing';
  /** Sentences; empty when all is well. */
  readonly reasons: readonly string[];
  readonly updatedAt: string;
  readonly jobs: Readonly<Record<string, JobHealth>>;
}

interface JobHealth {
  readonly schedule: string;
  /** null: the machine's. */
  readonly timezone: string | null;
  readonly running: boolean;
  readonly waiting: boolean;
  readonly lastStart: string | null;
  readonly lastEnd: string | null;
  readonly lastExitCode: number | null;
  readonly lastSuccess: string | null;
  readonly nextRun: string | null;
  readonly consecutiveFailures: number;
  readonly skipped: number;
}

function reasonsOf(
  job: string,
  { lastExitCode, consecutiveFailures, nextRunMs }: JobStatus,
  nowMs: number,
): readonly string[] {
  return [
    ...(consecutiveFailures > 0
      ? [`${job}: the last run ended with exit code ${lastExitCode ?? '?'}, ${consecutiveFailures} in a row failed`]
      : []),
    ...(nextRunMs !== null && nowMs - nextRunMs > overdueMs
      ? [`${job}: due since ${new Date(nextRunMs).toISOString()}, and not started`]
      : []),
  ];
}

/** Planned for later than the time after the next, a job waits for a time that a wrong clock made it plan. */
function latenessOf(
  job: string,
  plannedMs: number | null,
  timetable: Timetable | undefined,
  nowMs: number,
): readonly string[] {
  if (plannedMs === null || timetable === undefined) return [];
  const nextMs = nextRunAfter(timetable, nowMs);
  const secondMs = nextMs === null ? null : nextRunAfter(timetable, nextMs);
  if (nextMs === null || secondMs === null || plannedMs <= secondMs) return [];
  const [planned, due] = [plannedMs, nextMs].map((ms) => new Date(ms).toISOString());
  return [`${job}: planned for ${planned}, but due at ${due}: the clock was set back`];
}

function iso<T extends number | null>(ms: T): T extends number ? string : string | null;
function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
