import { describe, expect, it } from '@jest/globals';
import { learnRateLimit } from '../../../src/rocketchat/pacing/rate-limit.ts';
import { type RateLimit } from '../../../src/model/rocketchat.ts';

const nowMs = Date.UTC(2026, 0, 1, 12, 0, 0, 700);

/** Headers of an answer at `nowMs`, with the server's clock beside ours. */
function headers(limit: string, remaining: string, resetInMs: number, skewMs = 0): Record<string, string> {
  return {
    'x-ratelimit-limit': limit,
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': String(nowMs + skewMs + resetInMs),
    date: new Date(nowMs + skewMs).toUTCString(),
  };
}

describe('learnRateLimit', () => {
  it.each([0, 3_600_000, -90_000])(
    'learns calls and window from the first call of a window, clocks %i ms apart',
    (skew) => {
      expect(learnRateLimit(undefined, headers('10', '9', 60_000, skew), nowMs)).toEqual({
        calls: 10,
        windowMs: 60_000,
      });
    },
  );

  it('learns the calls alone in the middle of a window, and keeps the window it knows', () => {
    const middle = headers('10', '4', 12_000);
    expect(learnRateLimit(undefined, middle, nowMs)).toEqual({ calls: 10, windowMs: null });
    const known: RateLimit = { calls: 10, windowMs: 30_000 };
    expect(learnRateLimit(known, middle, nowMs)).toEqual(known);
    // An admin has changed it.
    expect(learnRateLimit(known, headers('50', '4', 12_000), nowMs)).toEqual({ calls: 50, windowMs: null });
  });

  it.each(['5', '10', '600'])('learns a limit of %s calls', (limit) => {
    const first = headers(limit, String(Number(limit) - 1), 60_000);
    expect(learnRateLimit(undefined, first, nowMs)).toEqual({ calls: Number(limit), windowMs: 60_000 });
  });

  it('goes by our clock where a proxy has taken the date away, and learns no window without a reset', () => {
    const { date, ...undated } = headers('10', '9', 60_000);
    expect(date).toBeDefined();
    expect(learnRateLimit(undefined, undated, nowMs)).toEqual({ calls: 10, windowMs: 60_000 });
    // A gateway that counts seconds.
    const seconds = { ...undated, 'x-ratelimit-reset': '60' };
    expect(learnRateLimit(undefined, seconds, nowMs)).toEqual({ calls: 10, windowMs: null });
  });

  it('learns nothing where nothing is told', () => {
    const known: RateLimit = { calls: 10, windowMs: 60_000 };
    for (const told of [
      {},
      headers('0', '0', 1000),
      headers('many', '9', 1000),
      headers('10, 60', '9', 1000),
      { 'x-ratelimit-limit': '10' },
    ]) {
      expect(learnRateLimit(known, told, nowMs)).toBe(known);
      expect(learnRateLimit(undefined, told, nowMs)).toBeUndefined();
    }
  });
});
