import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { timestampText } from '../../src/sinks/timestamp-text.ts';

describe('timestampText', () => {
  it('answers what toISOString answers, for every date there is', () => {
    const day = Date.UTC(2024, 1, 28);
    const times = fc.oneof(
      fc.integer({ min: day, max: day + 3 * 86_400_000 }),
      fc.integer({ min: -8.64e15, max: 8.64e15 }),
      fc.constantFrom(
        0,
        -1,
        -0,
        86_399_999,
        86_400_000,
        Date.UTC(10_000, 0) - 1,
        Date.UTC(10_000, 0),
        8.64e15,
        -8.64e15,
      ),
    );
    fc.assert(
      fc.property(fc.array(times, { minLength: 1 }), (list) => {
        const dates = list.map((ms) => new Date(ms));
        expect(dates.map(timestampText)).toEqual(dates.map((date) => date.toISOString()));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses an invalid date', () => {
    expect(() => timestampText(new Date(Number.NaN))).toThrow(RangeError);
  });
});
