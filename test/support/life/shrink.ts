import type { Happening } from './acts/calendar.ts';
import type { LifeFailure } from './live-through.ts';

/**
 * The fewest happenings that lead to the same kind of failure: what people act on is chosen by what is there, so that a
 * life without some of them is a life all the same.
 *
 * @param live lives through some happenings, until a day
 */
export async function shrink(
  happenings: readonly Happening[],
  failure: LifeFailure,
  live: (happenings: readonly Happening[], days: number) => Promise<LifeFailure | undefined>,
): Promise<{ readonly happenings: readonly Happening[]; readonly failure: LifeFailure }> {
  const kind = kindOf(failure.problems[0] ?? '');
  let smallest = { happenings: happenings.filter(({ day }) => day <= failure.day), failure };
  for (let size = Math.ceil(smallest.happenings.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < smallest.happenings.length;) {
      const fewer = smallest.happenings.toSpliced(from, size);
      const found = await live(fewer, smallest.failure.day);
      if (found?.problems.some((problem) => kindOf(problem) === kind) === true)
        smallest = { happenings: fewer, failure: found };
      else from += size;
    }
  }
  return smallest;
}

/** What is wrong, without ids and numbers. */
function kindOf(problem: string): string {
  return problem
    .replace(/\(.*by (\w+).*/s, '$1')
    .replace(/[a-z]?\d[\w:.-]*/g, '#')
    .slice(0, 90);
}
