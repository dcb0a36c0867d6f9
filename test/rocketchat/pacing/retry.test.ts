import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  connectPolicy,
  delayBeforeRetryMs,
  roomPolicy,
  runPolicy,
  suspectRoomPolicy,
} from '../../../src/rocketchat/pacing/retry.ts';

describe('delayBeforeRetryMs', () => {
  it('doubles up to the longest delay and ends with the last attempt', () => {
    const delays = Array.from({ length: runPolicy.attempts }, (_, index) =>
      delayBeforeRetryMs(index + 1, runPolicy, 0),
    );
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, undefined]);
    expect(delayBeforeRetryMs(connectPolicy.attempts, connectPolicy, 0)).toBeUndefined();
  });

  it('ends sooner for a room that fails while others are read, and sooner again once it has used that up', () => {
    const delays = (policy: typeof roomPolicy) =>
      [1, 2, 3, 4, 5].map((attempt) => delayBeforeRetryMs(attempt, policy, 0));
    expect(delays(roomPolicy)).toEqual([500, 1_000, 2_000, 4_000, undefined]);
    expect(delays(suspectRoomPolicy)).toEqual([500, undefined, undefined, undefined, undefined]);
  });

  it('stays between half and all of the delay, whatever the jitter', () => {
    const jitter = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: runPolicy.attempts - 1 }), jitter, (attempt, value) => {
        const longest = delayBeforeRetryMs(attempt, runPolicy, 0) ?? Number.NaN;
        const delay = delayBeforeRetryMs(attempt, runPolicy, value) ?? Number.NaN;
        expect(delay).toBeGreaterThanOrEqual(longest / 2);
        expect(delay).toBeLessThanOrEqual(longest);
      }),
    );
  });
});
