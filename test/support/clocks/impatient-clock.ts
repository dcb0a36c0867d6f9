import type { Clock } from '../../../src/system/clock.ts';

/** A clock that sleeps no time at all: for retries against real servers. */
export function impatientClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    now: () => Date.now(),
    sleep: async (ms, signal) => {
      slept.push(ms);
      signal?.throwIfAborted();
      await Promise.resolve();
    },
  };
}
