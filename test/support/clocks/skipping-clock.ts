import type { Clock } from '../../../src/system/clock.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export interface SkippingClock extends Clock {
  /** Total of all sleeps, as asked for. */
  readonly sleptMs: () => number;
  /** Runs `work` to its end; time jumps to the next sleeper whenever nothing else is left to do. */
  run<T>(work: Promise<T>): Promise<T>;
}

/** Hours in no time, for work that waits for nothing but this clock. */
export function skippingClock(startMs = 1_760_000_000_000): SkippingClock {
  let nowMs = startMs;
  let sleptMs = 0;
  const sleepers: Sleeper[] = [];
  return {
    now: () => nowMs,
    sleptMs: () => sleptMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleptMs += ms;
        const sleeper = { atMs: nowMs + ms, wake: resolve };
        // Stable for equal times: first come, first woken.
        const at = sleepers.findIndex((other) => other.atMs > sleeper.atMs);
        sleepers.splice(at === -1 ? sleepers.length : at, 0, sleeper);
        signal?.addEventListener('abort', () => {
          if (!sleepers.includes(sleeper)) return;
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        });
      }),
    async run(work) {
      const state = { done: false };
      const finish = () => (state.done = true);
      work.then(finish, finish);
      for (;;) {
        // All microtasks end before the next turn.
        await new Promise((resolve) => setImmediate(resolve));
        if (state.done) return work;
        const next = sleepers.shift();
        if (next === undefined) throw new Error('Everything waits for something that never comes');
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
      }
    },
  };
}
