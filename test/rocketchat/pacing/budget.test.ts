import { describe, expect, it } from '@jest/globals';
import { createBudget } from '../../../src/rocketchat/pacing/budget.ts';
import { createWaiting } from '../../../src/rocketchat/pacing/waiting.ts';
import { unknownSkew } from '../../../src/rocketchat/pacing/server-clock.ts';
import { skippingClock } from '../../support/clocks/skipping-clock.ts';

/** The budget of one endpoint, on a clock that skips what nobody waits for. */
function bench() {
  const clock = skippingClock();
  const { signal } = new AbortController();
  const waiting = createWaiting({ clock, signal, maxWaitMs: Infinity, onWait: () => undefined });
  const options = { endpoint: 'groups.messages', clock, waiting, skew: () => unknownSkew, isEnforced: () => true };
  const budget = createBudget(options);
  const startMs = clock.now();
  const nowMs = () => clock.now() - startMs;
  const answer = (remaining: number, resetInMs: number) => ({
    kind: 'answer' as const,
    headers: { remaining, resetAtMs: clock.now() + resetInMs },
    receivedAtMs: clock.now(),
  });
  const rejection = (retryAfterMs: number) => ({
    kind: 'rejected' as const,
    ...{ headers: undefined, retryAfterMs, receivedAtMs: clock.now() },
  });
  return { budget, clock, nowMs, answer, rejection, run: (work: () => Promise<void>) => clock.run(work()) };
}

describe('the budget of an endpoint', () => {
  it('asks the next window with one request, though one of the last window fails late', async () => {
    const { budget, clock, answer, run } = bench();
    await run(async () => {
      (await budget.acquire()).settle(answer(5, 1_000));
      const late = await budget.acquire();
      await clock.sleep(2_000);
      await budget.acquire();
      let isSent = false;
      void budget.acquire().then(() => (isSent = true));
      late.settle({ kind: 'failure' });
      await clock.sleep(1);
      expect(isSent).toBe(false);
    });
  });

  it('pauses for a second after a 429 that follows a failure or an answer, not for two', async () => {
    const { budget, nowMs, answer, rejection, run } = bench();
    await run(async () => {
      (await budget.acquire()).settle({ kind: 'failure' });
      (await budget.acquire()).settle(rejection(0));
      const first = await budget.acquire();
      expect(nowMs()).toBe(1_020);
      first.settle(answer(0, 1_000));
      (await budget.acquire()).settle(rejection(0));
      const beforeMs = 2_040;
      const second = await budget.acquire();
      expect(nowMs()).toBe(beforeMs + 1_020);
      second.settle(rejection(0));
      await budget.acquire();
      // Two in a row.
      expect(nowMs()).toBe(beforeMs + 3_040);
      expect(budget.waitedMs()).toBe(nowMs());
    });
  });

  it('sleeps on where another 429 has put the end off meanwhile', async () => {
    const { budget, clock, nowMs, answer, rejection, run } = bench();
    await run(async () => {
      (await budget.acquire()).settle(answer(5, 60_000));
      const [one, other] = [await budget.acquire(), await budget.acquire()];
      one.settle(rejection(1_000));
      const third = budget.acquire();
      await clock.sleep(500);
      other.settle(rejection(9_000));
      await third;
      expect(nowMs()).toBe(9_520);
    });
  });
});
