import { expect } from '@jest/globals';
import { calendarOf, type Happening } from './acts/calendar.ts';
import { liveThrough } from './live-through.ts';
import { setupOf } from './life-setup.ts';
import { shrink } from './shrink.ts';

/**
 * Fails when something is wrong on any day of a life, with the fewest happenings that lead there: the seed and the days
 * make the same life again.
 */
export async function expectLives(seed: number, days: number): Promise<void> {
  const setup = setupOf(seed);
  const live = (fewer: readonly Happening[], until: number): ReturnType<typeof liveThrough> =>
    liveThrough(fewer, until, setup);
  const calendar = calendarOf(seed, days);
  const failure = await live(calendar, days);
  if (failure === undefined) return;
  const { happenings, failure: smallest } = await shrink(calendar, failure, live);
  const { problems, log } = smallest;
  expect({ seed, setup, day: failure.day, problems, happenings, log }).toEqual({ seed, setup, lives: 'all its days' });
}
