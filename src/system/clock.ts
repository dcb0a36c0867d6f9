import { setTimeout as delay } from 'node:timers/promises';

/** Time as an argument, so that a test can run hours in no time. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A longer delay overflows Node's timer, which then fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/** The clock and the timers of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      for (let leftMs = ms; leftMs > 0; leftMs -= longestTimerMs) {
        await delay(Math.min(leftMs, longestTimerMs), undefined, signal === undefined ? {} : { signal });
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/** Calls `tick` every `ms` of real time, without keeping the process alive for it; the answer ends that. */
export type Every = (ms: number, tick: () => void) => () => void;

export const systemEvery: Every = (ms, tick) => {
  const timer = setInterval(tick, ms).unref();
  return () => clearInterval(timer);
};

/** Milliseconds of a clock that nobody sets: for how long something took, or was out of sight. */
export function monotonicMs(): number {
  return performance.now();
}
