import { describe, expect, it } from '@jest/globals';
import { limitOf, waitAtLimitMs } from '../../src/preview/limit-time.ts';

describe('the time at the limit', () => {
  it.each([
    [0, 0],
    [1, 0],
    [10, 0],
    [11, 60_000],
    [20, 60_000],
    [58, 300_000],
  ])('of %i requests is %i ms: the first window is free', (requests, ms) => {
    expect(waitAtLimitMs(requests, { calls: 10, windowMs: 60_000 })).toBe(ms);
  });

  it("goes by an endpoint's own limit, else by the strictest told, else by none", () => {
    const told = { me: { calls: 20, windowMs: 30_000 }, 'rooms.get': { calls: 10, windowMs: null } };
    expect(limitOf('me', told)).toEqual({ calls: 20, windowMs: 30_000 });
    expect(limitOf('groups.messages', told)).toEqual({ calls: 10, windowMs: 30_000 });
    expect(limitOf('me', { me: { calls: 5, windowMs: null } })).toEqual({ calls: 5, windowMs: 60_000 });
    expect(limitOf('me', {})).toBeUndefined();
  });
});
