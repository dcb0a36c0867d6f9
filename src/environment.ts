import type { LockHolder, ProcessIdentity } from './archive/lock/lock-holder.ts';
import type { Clock } from './system/clock.ts';
import type { Operator } from './system/operator.ts';
import type { Disk } from './system/disk.ts';
import type { LongestPage } from './model/list/longest-page.ts';
import type { RunPlan } from './plan/run-plan.ts';
import type { NewBudget } from './rocketchat/pacing/budget.ts';
import type { WaitEvent } from './rocketchat/pacing/waiting.ts';
import type { RunEvent } from './run-event.ts';

/** Everything a run takes from its environment, so that tests can replace it. */
export interface Environment {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly disk: Disk;
  /** Who is running, for the archive's lock, and whether a holder that shares our pids still is. */
  readonly process: ProcessIdentity;
  readonly isAlive: (holder: LockHolder) => boolean;
  /** Environment variables: keys of an object store come from there. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Who runs the job, for the manifest. */
  readonly operator: Operator;
  /** Threads to load in, no more than formats are used; 0 loads in the thread of the caller. Default: one per processor, less one. */
  readonly loadThreads: number;
  /** See ConnectOptions. */
  readonly proxyFor?: (url: string) => string | undefined;
  /** Longest time for one request, answer included; default as for `connect`. */
  readonly requestTimeoutMs?: number;
}

/** What others have read for a run. */
export interface FilledJournals {
  /** What is to be told of the events of the run's own reading. */
  readonly onEvent: (event: RunEvent) => void;
  /** By endpoint, the answers that they had. */
  readonly requests: Readonly<Record<string, number>>;
}

/** Others who read for a run, and share its rate limit. */
export interface Workers {
  /** See ConnectOptions. */
  readonly newBudget: NewBudget;
  /**
   * Has them fill journals of the run, and resolves when nothing more is to be expected of them.
   */
  fillJournals(asked: {
    readonly disk: Disk;
    readonly archive: string;
    readonly runPlan: RunPlan;
    readonly longestPage: LongestPage;
    readonly signal: AbortSignal;
    readonly onEvent: (event: RunEvent) => void;
  }): Promise<FilledJournals>;
}

/** What a caller asks of a run, and what replaces parts of the environment. */
export interface RunOptions extends Partial<Environment> {
  /** Default: none, the run reads by itself. @internal for what the plan of a run is may change */
  readonly workers?: Workers;
  /** Asks every room what changed, also those of which the room list shows nothing new. Default: false. */
  readonly everyRoom?: boolean;
  /** Aborting it ends the run in order: what is in flight is saved. */
  readonly signal?: AbortSignal;
  /** Called as the run proceeds. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Called before each pause for the rate limit or a retry. */
  readonly onWait?: (event: WaitEvent) => void;
}
