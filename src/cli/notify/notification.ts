import { exitCodes } from '../../errors.ts';
import type { RunResult } from '../result/run-result.ts';
import { count } from '../../model/text/counted.ts';

/** What is posted to the `webhook` of a job. */
export interface Notification {
  readonly version: 1;
  /** `overdue`: the job was due, and its archive was still being written to or waited for. */
  readonly event: 'failed' | 'gaps' | 'overdue';
  readonly job: string;
  /** ISO 8601. */
  readonly at: string;
  /** One sentence or two, for people. */
  readonly text: string;
  /** null: no run began. */
  readonly result: RunResult | null;
}

/** Gaps that the sentence names. */
const mostGaps = 3;

/** What to tell of a run; null: all is well, or somebody ended it on purpose. */
export function notificationOf(result: RunResult, at: string): Notification | null {
  const { job, exitCode, error, run, gaps } = result;
  const told = { version: 1, job, at, result } as const;
  if (error !== null) {
    if (exitCode === exitCodes.sigint || exitCode === exitCodes.sigterm) return null;
    const hint = error.hint === null ? '' : `. ${error.hint}`;
    return {
      ...told,
      event: 'failed',
      text: `${job}: the run failed (exit code ${exitCode}): ${error.message}${hint}`,
    };
  }
  if (gaps.count === 0) return null;
  const named = gaps.first.slice(0, mostGaps).map(({ room, reason }) => `${room.name} (${reason})`);
  const others = gaps.count > named.length ? [`${count(gaps.count - named.length)} more`] : [];
  const rooms = gaps.count === 1 ? 'one gap' : `${count(gaps.count)} gaps`;
  const text = `${job}: run ${run ?? '?'} is published with ${rooms}: ${[...named, ...others].join(', ')}`;
  return { ...told, event: 'gaps', text };
}

/**
 * @param busyWith the job that its archive is busy with, often itself
 * @param isWaiting whether the job itself has not begun yet
 */
export function overdueNotification(job: string, busyWith: string, at: string, isWaiting = false): Notification {
  const own = isWaiting ? 'it still waits for its turn from the last time' : 'its last run has not ended yet';
  const what = busyWith === job ? own : `"${busyWith}" is not done with the same archive`;
  return { version: 1, event: 'overdue', job, at, text: `${job}: was due and could not start: ${what}`, result: null };
}
