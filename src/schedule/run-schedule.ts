import type { Clock } from '../system/clock.ts';
import { nextRunMs } from './next-run.ts';
import type { ScheduleEvent } from './schedule-event.ts';
import type { ScheduledJob } from './scheduled-job.ts';
import { WaitingJobs } from './waiting-jobs.ts';

interface ScheduleOptions {
  /** Runs at work at the same time: each takes some hundred megabytes. */
  readonly atOnce: number;
  readonly clock: Clock;
  /** Aborted to end the schedule; the runs at work are expected to listen to it themselves. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: ScheduleEvent) => void;
}

/** The clock may be set, and machines sleep: the time is looked at again after so long. */
const longestSleepMs = 60_000;

/** Set back by no more, a clock is corrected: the minute that comes once more is the one that has run. */
const correctionMs = 60_000;

/**
 * Runs jobs when they are due, until the signal is aborted. Jobs of different archives run side by side, `atOnce` of them,
 * and know nothing of each other; the others wait, and servers take turns. A job whose archive is still being written to
 * is skipped. What came due several times while the machine slept is run once. When the clock is set back, all are
 * planned again.
 *
 * @returns when no job is ever due again, or when the signal came while no run was active
 * @throws the signal's reason when it cut runs short, once they have ended
 */
export async function runSchedule(
  jobs: readonly ScheduledJob[],
  { atOnce, clock, signal, onEvent }: ScheduleOptions,
): Promise<void> {
  /** By archive: who writes to it, or waits to. */
  const busy = new Map<string, string>();
  const waiting = new WaitingJobs();
  const running = new Map<ScheduledJob, Promise<void>>();
  const due = new Map<ScheduledJob, number>();

  function planNext(job: ScheduledJob, afterMs: number): number | null {
    const atMs = nextRunMs(job, afterMs);
    if (atMs === null) due.delete(job);
    else due.set(job, atMs);
    return atMs;
  }

  function comesDue(job: ScheduledJob, atMs: number): void {
    const busyWith = busy.get(job.archive);
    const named = { job: job.name, atMs, nextRunMs: planNext(job, atMs) };
    if (busyWith !== undefined) {
      onEvent({ kind: 'skipped', ...named, busyWith });
      return;
    }
    busy.set(job.archive, job.name);
    waiting.add(job);
    onEvent({ kind: 'waiting', ...named });
  }

  function start(job: ScheduledJob, atMs: number): void {
    onEvent({ kind: 'started', job: job.name, atMs });
    const run = job
      .run()
      .then((result) => {
        running.delete(job);
        onEvent({ kind: 'ended', job: job.name, startedMs: atMs, atMs: clock.now(), result });
      })
      .finally(() => {
        busy.delete(job.archive);
        running.delete(job);
        startWaiting();
      });
    running.set(job, run);
  }

  function startWaiting(): void {
    while (running.size < atOnce && !signal.aborted) {
      const job = waiting.take(running.keys());
      if (job === undefined) return;
      start(job, clock.now());
    }
  }

  function plan(job: ScheduledJob, nowMs: number): void {
    onEvent({ kind: 'planned', job: job.name, atMs: nowMs, nextRunMs: planNext(job, nowMs) });
  }

  /** Runs that were active when the signal came: by the end they are over. */
  let cutRuns = 0;
  const onAbort = (): void => void (cutRuns = running.size);
  signal.addEventListener('abort', onAbort, { once: true });

  let lastNowMs = clock.now();
  for (const job of jobs) plan(job, lastNowMs);
  try {
    while (due.size > 0 && !signal.aborted) {
      const nowMs = clock.now();
      // The clock was set back: what was planned by the old one may be years away.
      if (lastNowMs - nowMs > correctionMs) for (const job of jobs) plan(job, nowMs);
      lastNowMs = nowMs;
      for (const [job, dueMs] of due) if (dueMs <= nowMs) comesDue(job, nowMs);
      startWaiting();
      const leftMs = Math.min(...due.values()) - clock.now();
      if (leftMs > 0) await clock.sleep(Math.min(leftMs, longestSleepMs), signal);
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  } finally {
    // A run that ends lets none begin once the signal has come; without one the last that waits is run.
    while (running.size > 0) await Promise.allSettled(running.values());
    signal.removeEventListener('abort', onAbort);
  }
  if (cutRuns > 0) signal.throwIfAborted();
}
