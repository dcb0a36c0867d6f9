import type { Clock } from '../../../src/system/clock.ts';

export interface LeapingClock extends Clock {
  /** Every sleep so far, in milliseconds as asked for. */
  readonly slept: readonly number[];
}

/** Sleeping takes no time, and yet time goes on by it; looking at the clock takes 5 ms, so that it goes on anyhow. */
export function leapingClock(startMs = Date.UTC(2026, 0, 1)): LeapingClock {
  let nowMs = startMs;
  const slept: number[] = [];
  return {
    slept,
    now: () => (nowMs += 5),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      nowMs += ms;
      // A turn of the event loop: whoever waits for the network comes first.
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
}
