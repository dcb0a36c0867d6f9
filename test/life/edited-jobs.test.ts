import { describe, expect, it } from '@jest/globals';
import { createPrng } from '../../src/demo/sample/prng.ts';
import { randomJob, runEditedJobs, type EditedJob } from '../support/life/edited-jobs.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { firstOfEveryOther } from '../support/every-other.ts';

const longIt = quickOrLong(it.skip, it);

const everything = ['messages', 'mentioned_messages', 'mentions'] as const;
const both = ['messages', 'mentioned_messages'] as const;

/** A thousand lives take as long as all else of the long suite: half of them each time. */
const seedsUpTo = (most: number): readonly number[] =>
  quickOrLong(
    [1],
    Array.from({ length: most }, (_, at) => at + 1).filter((seed) => seed % 2 === firstOfAll),
  );
const firstOfAll = firstOfEveryOther();

describe('a job whose entries and tables are edited between its runs', () => {
  const edits: readonly (readonly [string, readonly EditedJob[]])[] = [
    [
      'messages and mentions, mentions alone, then both',
      [
        { entries: both, tables: everything },
        { entries: ['mentioned_messages'], tables: ['mentioned_messages', 'mentions'] },
        { entries: both, tables: everything },
      ],
    ],
    [
      'reactions alone, messages and reactions, then reactions',
      [
        { entries: ['messages'], tables: ['reactions'] },
        { entries: ['messages'], tables: ['messages', 'reactions'] },
        { entries: ['messages'], tables: ['reactions'] },
        { entries: ['messages'], tables: ['messages', 'reactions'] },
      ],
    ],
  ];
  it.each(edits.slice(quickOrLong(1, 0)))('has the truth in each table, and repeats no row: %s', async (_, jobs) => {
    for (const seed of seedsUpTo(60)) {
      expect({ seed, problems: await runEditedJobs(jobs, seed) }).toEqual({ seed, problems: [] });
    }
  });

  longIt(
    'has the truth in each table where rooms are read again, also of elements that messages have lost',
    async () => {
      // In 16 a room is read anew a second time, and a message is removed, when the first is still to be compared.
      for (const seed of [...seedsUpTo(200), 16]) {
        const prng = createPrng(seed);
        const jobs = Array.from({ length: 5 }, () => randomJob(prng, 0.4));
        const said = jobs.map(
          ({ entries, tables, isReset }) =>
            `${isReset ? 'reset, ' : ''}${entries.join(', ')} into ${tables.join(', ')}`,
        );
        expect({ seed, said, problems: await runEditedJobs(jobs, seed) }).toEqual({ seed, said, problems: [] });
      }
    },
  );

  it('has the truth in each table, and repeats no row, where the run before was cut, of this job or of another', async () => {
    for (const seed of seedsUpTo(300)) {
      const prng = createPrng(seed);
      const jobs = Array.from({ length: quickOrLong(6, 10) }, (_, at): EditedJob => {
        const job = randomJob(prng);
        return at % 2 === 0 && prng.chance(0.8) ? { ...job, isCut: true } : job;
      });
      const said = jobs.map(
        ({ entries, tables, isCut }) => `${isCut ? 'cut, ' : ''}${entries.join(', ')} into ${tables.join(', ')}`,
      );
      expect({ seed, said, problems: await runEditedJobs(jobs, seed) }).toEqual({ seed, said, problems: [] });
    }
  });

  longIt('has the truth in each table where rooms are read again, and runs are cut meanwhile', async () => {
    for (const seed of seedsUpTo(200)) {
      const prng = createPrng(seed);
      let isOpen = false;
      const jobs = Array.from({ length: 8 }, (): EditedJob => {
        const { isReset, ...job } = randomJob(prng, 0.4);
        // While a run is open its state cannot be reset.
        const canReset = !isOpen && isReset === true;
        isOpen = !isOpen && prng.chance(0.5);
        return { ...job, ...(canReset && { isReset }), ...(isOpen && { isCut: true }) };
      });
      const said = jobs.map(
        ({ entries, tables, isReset, isCut }) =>
          `${isReset ? 'reset, ' : ''}${isCut ? 'cut, ' : ''}${entries.join(', ')} into ${tables.join(', ')}`,
      );
      expect({ seed, said, problems: await runEditedJobs(jobs, seed) }).toEqual({ seed, said, problems: [] });
    }
  });

  longIt('has the truth in each table, and repeats no row, whatever is edited', async () => {
    for (const seed of seedsUpTo(300)) {
      const prng = createPrng(seed);
      const jobs = Array.from({ length: 6 }, () => randomJob(prng));
      const said = jobs.map(({ entries, tables }) => `${entries.join(', ')} into ${tables.join(', ')}`);
      expect({ seed, said, problems: await runEditedJobs(jobs, seed) }).toEqual({ seed, said, problems: [] });
    }
  });
});
