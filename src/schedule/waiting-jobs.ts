import type { ScheduledJob } from './scheduled-job.ts';

/**
 * Jobs that are due and wait for others to end, first come first served within a server. A server with fewer runs at work
 * goes first: a workspace of forty jobs does not keep the one job of another from its turn.
 */
export class WaitingJobs {
  readonly #waiting: ScheduledJob[] = [];

  add(job: ScheduledJob): void {
    this.#waiting.push(job);
  }

  /** @param running the jobs at work @returns the job whose turn it is, which waits no more */
  take(running: Iterable<ScheduledJob>): ScheduledJob | undefined {
    const runsOf = new Map<string, number>();
    for (const { server } of running) runsOf.set(server, (runsOf.get(server) ?? 0) + 1);
    let next: ScheduledJob | undefined;
    for (const job of this.#waiting) {
      if (next === undefined || (runsOf.get(job.server) ?? 0) < (runsOf.get(next.server) ?? 0)) next = job;
    }
    if (next !== undefined) this.#waiting.splice(this.#waiting.indexOf(next), 1);
    return next;
  }
}
