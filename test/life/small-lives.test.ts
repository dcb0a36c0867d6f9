import { describe, expect, it } from '@jest/globals';
import { calendarOf } from '../support/life/acts/calendar.ts';
import { expectLives } from '../support/life/expect-lives.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

/** A machine with other things to do takes several minutes for a life. */
const timeoutMs = 600_000;

/** Months of them: test/long/thirty-months.test.ts. */
describe('an archive that lives with its workspace for days', () => {
  it.each(
    quickOrLong(
      [[2, 3]],
      [
        [8, 1],
        [8, 2],
        [8, 3],
      ],
    ),
  )(
    'has the truth in every table after each of %i nights (seed %i)',
    (nights, seed) => expectLives(seed, nights),
    timeoutMs,
  );

  it('lives the same life again from its seed', () => {
    expect(calendarOf(7, 30)).toEqual(calendarOf(7, 30));
    expect(calendarOf(7, 30)).not.toEqual(calendarOf(8, 30));
  });
});
