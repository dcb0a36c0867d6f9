import { describe, expect, it } from '@jest/globals';
import { runMovedPeriods, type PeriodLife } from '../support/life/moved-periods.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

describe('a job of which the period is moved between its runs', () => {
  const lives: readonly [string, Omit<PeriodLife, 'seed'>, number][] = [
    ['by offset', { runs: 6 }, 400],
    ['by time, now and then', { runs: 6, history: 0.5 }, 300],
    ['where runs are cut', { runs: quickOrLong(6, 10), cuts: 0.4, history: 0.2 }, 400],
    ['where the server reports no changes', { runs: quickOrLong(4, 6), refusesChanges: true }, 200],
  ];
  const said = 'has the truth of all that it asked for in each table, and repeats no row: %s';
  // By offset and by time are the runs that are cut, too; servers that report no changes are in
  // test/extract/changes/rescan-window.test.ts.
  it.each(lives.slice(...quickOrLong([2, 3], [0])))(said, async (_, life, seeds) => {
    for (let seed = 1; seed <= quickOrLong(1, seeds); seed += 1) {
      expect({ seed, problems: await runMovedPeriods({ seed, ...life }) }).toEqual({ seed, problems: [] });
    }
  });

  longIt(
    'reads what lies between two periods of which the later one held nothing, though the room is as it was',
    async () => {
      expect(await runMovedPeriods({ seed: 395, runs: 6 })).toEqual([]);
    },
  );
});
