import { expect } from '@jest/globals';
import { calendarOf } from './calendar.ts';
import { liveThrough } from './life.ts';
import { shrink } from './shrink.ts';

/**
 * Fails when something is wrong on any day of a life, with the fewest happenings that lead there: the seed and the days
 * make the same life again.
 */
export async function expectLives(seed: number, days: number): Promise<void> {
  const calendar = calendarOf(seed, days);
  const failure = await liveThrough(calendar, days);
  if (failure === undefined) return;
  const { happenings, failure: smallest } = await shrink(calendar, failure, liveThrough);
  const { problems, log } = smallest;
  expect({ seed, day: failure.day, problems, happenings, log }).toEqual({ seed, lives: 'all its days' });
}
