import { describe, expect, it } from '@jest/globals';
import { parseDurationMs } from '../../../src/job/schema/duration.ts';

describe('parseDurationMs', () => {
  it.each([
    ['0s', 0],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['1h30m', 5_400_000],
    ['1d2h3m4s', 93_784_000],
  ])('reads %s', (text, ms) => {
    expect(parseDurationMs(text)).toBe(ms);
  });

  it.each(['', '30', 'm', '-1m', '1.5h', '30m1h', '1h1h', '1h ', '1 h', '2w', '1H', '123456789s'])(
    'refuses %j',
    (text) => {
      expect(parseDurationMs(text)).toBeUndefined();
    },
  );
});
