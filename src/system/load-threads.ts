import { availableParallelism } from 'node:os';

/** How many threads may turn messages into files: one processor is left to the requests. */
export function loadThreadsHere(): number {
  return Math.max(1, availableParallelism() - 1);
}
