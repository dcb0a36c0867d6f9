import type { ScheduledJob } from './scheduled-job.ts';

/**
 * Jobs that are due and wait for others to end, first come first served within a server. A server with fewer runs at work
 * goes first, of several the one whose turn was longest ago: a workspace of forty jobs does not keep the one job of another
 * from its turn.
 */
export class WaitingJobs {
  readonly #waiting: ScheduledJob[] = [];
  /** By server: number of its last turn. */
  readonly #turns = new Map<string, number>();
  #turn = 0;

  add(job: ScheduledJob): void {
    this.#waiting.push(job);
  }

  /** @param running the jobs at work @returns the job whose turn it is, which waits no more */
  take(running: Iterable<ScheduledJob>): ScheduledJob | undefined {
    const runsOf = new Map<string, number>();
    for (const { server } of running) runsOf.set(server, (runsOf.get(server) ?? 0) + 1);
    const isBefore = (one: ScheduledJob, other: ScheduledJob): boolean => {
      const more = (runsOf.get(one.server) ?? 0) - (runsOf.get(other.server) ?? 0);
      return more === 0 ? (this.#turns.get(one.server) ?? 0) < (this.#turns.get(other.server) ?? 0) : more < 0;
    };
    let next: ScheduledJob | undefined;
    for (const job of this.#waiting) if (next === undefined || isBefore(job, next)) next = job;
    if (next === undefined) return undefined;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#turns.set(next.server, (this.#turn += 1));
    return next;
  }
}
