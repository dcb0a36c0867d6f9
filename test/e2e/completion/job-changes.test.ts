import { describe, expect, it } from '@jest/globals';
import { JobError } from '../../../src/errors.ts';
import { ChangedJobLab, type CurrentRows, type WrittenJob } from '../../support/changed-jobs/changed-job-lab.ts';
import { jobChanges, type Outcome } from '../../support/changed-jobs/job-changes.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

/** In the quick suite the first of each that no other test of this folder has. */
const isQuick = (change: string): boolean => /^`excelSafe`|`shard`|`delimiter`/.test(change);

const cases = jobChanges.flatMap(({ change, outcome, cases: all, says }) =>
  all.flatMap((jobs, at): readonly [string, readonly WrittenJob[], Outcome, RegExp | undefined][] =>
    quickOrLong(isQuick(change) && at === 0, true) ? [[`${change} (${at + 1})`, jobs, outcome, says]] : [],
  ),
);

/** @returns what is lacking and what is too much, by table */
function difference(
  has: CurrentRows,
  due: CurrentRows,
): { readonly lacks: readonly string[]; readonly more: readonly string[] } {
  const without = (some: CurrentRows, others: CurrentRows): readonly string[] =>
    Object.entries(some).flatMap(([table, rows]) =>
      rows.filter((row) => others[table]?.includes(row) !== true).map((row) => `${table}: ${row}`),
    );
  return { lacks: without(due, has), more: without(has, due) };
}

describe('a job file that is changed between two runs', () => {
  it.each(cases)('%s', async (_, jobs, outcome, says) => {
    await ChangedJobLab.open(async (lab) => {
      const now = jobs.at(-1) ?? {};
      for (const job of jobs.slice(0, -1)) {
        await lab.run('archive', job);
        lab.liveOn();
      }
      if (outcome.kind === 'refused') {
        await expect(lab.run('archive', now)).rejects.toThrow(outcome.says);
        await expect(lab.run('archive', now)).rejects.toThrow(JobError);
        return;
      }
      const manifest = await lab.run('archive', now);
      await lab.run('whole', now);
      const compared = async (): Promise<ReturnType<typeof difference>> =>
        difference(await lab.current('archive', now), await lab.current('whole', now));
      const alike = await compared();
      if (says !== undefined) expect(JSON.stringify(manifest)).toMatch(says);
      if (outcome.kind === 'same') {
        expect(alike).toEqual({ lacks: [], more: [] });
        expect(manifest.coverage).toMatchObject({ incomplete: [], outdated: [] });
        return;
      }
      lab.liveOn();
      const next = await lab.run('archive', now);
      for (const { coverage, notes } of [manifest, next])
        expect(JSON.stringify([coverage, notes])).toMatch(outcome.says);
      if (outcome.kind === 'stays') {
        expect(alike.lacks).toEqual([]);
        return;
      }
      if (outcome.isMendedByBackfill) {
        const { coverage } = await lab.run('archive', { ...now, backfill: true });
        expect(JSON.stringify(coverage)).not.toMatch(outcome.says);
      }
      await lab.run('whole', now);
      expect(await compared()).toEqual({ lacks: [], more: [] });
    });
  });
});
