import type { Timetable } from './next-run.ts';
import type { PublishedRun } from './published-run.ts';

/** Each takes a core and some hundred megabytes. */
export const defaultRunsAtOnce = 2;

/** A job of the schedule: when it runs, what it writes to, and how to run it. */
export interface ScheduledJob extends Timetable {
  /** Unique in the schedule. */
  readonly name: string;
  /** Absolute path: two runs never write to one archive at the same time. */
  readonly archive: string;
  /** Address of the workspace: jobs that wait take turns by it. */
  readonly server: string;
  /** Runs it once. Never rejects: what went wrong is reported, and shows in the exit code. */
  readonly run: () => Promise<ScheduledResult>;
}

/** What a run of a schedule came to. */
export interface ScheduledResult {
  /** Of the process that this run would have been alone. */
  readonly exitCode: number;
  /** null: the run did not come to its end. */
  readonly published: PublishedRun | null;
  /** What failed, perhaps behind publishing. */
  readonly error?: unknown;
}
