import type { Clock } from '../../../src/system/clock.ts';

export interface VirtualClock extends Clock {
  /** Lets time pass, as fast as those who sleep allow. */
  passUntil(ms: number): Promise<void>;
  /** Lets time pass at once, as on a machine that was asleep: nobody wakes on the way. */
  leapTo(ms: number): Promise<void>;
  /** Sets the clock, as a person or a time server does: who sleeps wakes when the time they asked for has passed. */
  setTo(ms: number): void;
}

/** Time that passes only when a test says so; whoever sleeps wakes in the order of the clock. */
export function virtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  const sleepers = new Set<{ untilMs: number; readonly wake: () => void }>();
  /** All that can go on without time goes on first. */
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  async function wakeThoseDue(): Promise<void> {
    for (const sleeper of [...sleepers].filter(({ untilMs }) => untilMs <= nowMs)) {
      sleepers.delete(sleeper);
      sleeper.wake();
    }
    await settle();
  }
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        const abort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
        };
        const sleeper = {
          untilMs: nowMs + ms,
          wake: () => {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', abort, { once: true });
      }),
    async passUntil(ms) {
      await settle();
      for (;;) {
        const nextMs = Math.min(...[...sleepers].map(({ untilMs }) => untilMs));
        if (nextMs > ms) break;
        nowMs = Math.max(nowMs, nextMs);
        await wakeThoseDue();
      }
      nowMs = ms;
      await settle();
    },
    setTo(ms) {
      for (const sleeper of sleepers) sleeper.untilMs += ms - nowMs;
      nowMs = ms;
    },
    async leapTo(ms) {
      await settle();
      nowMs = ms;
      await wakeThoseDue();
    },
  };
}
