import { join } from 'node:path';
import { runsText } from '../../archive/manifest/completed-rows.ts';
import { keptJournals } from '../../archive/manifest/kept-journals.ts';
import { expectUnchanged } from '../../archive/verify/expect-unchanged.ts';
import { DifferenceError, JobError, OutputError, UsageError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import type { Disk } from '../../system/disk.ts';
import { keptLoadPlanName } from './keep-load-plan.ts';
import { restoreLoadPlan, type InPlace } from './restore-load-plan.ts';

/** The format of rows that are made once more to be copied: it holds every value exactly. */
export const replayed: InPlace = { sinks: [{ format: 'jsonl' }] };

/** Why rows of earlier runs can be had from nowhere, in a clause. */
export interface Unusable {
  readonly because: string;
  /** Whether nothing that may happen to the archive or the job changes that: a damaged file may be restored. */
  readonly isForGood: boolean;
}

/**
 * Why the tables of earlier runs cannot be made once more of what the archive keeps of the server's responses; null: they can.
 * Reads every journal to its end to see that they are what their manifests say.
 *
 * @param job whose keys and plug-ins are there
 * @param inPlace see restoreLoadPlan; with steps of now only current rows are made, so that it is none that a compaction dropped others
 * @throws OutputError for a chain that is damaged
 */
export async function whyNoReplay(
  disk: Disk,
  archive: string,
  job: Pick<Job, 'transform' | 'sinks'>,
  inPlace = replayed,
): Promise<Unusable | null> {
  const { journals, runs, isMoreThanTables } = await keptJournals(disk, archive);
  const plans = new Map(
    journals.flatMap(({ place, path }) => (place.name === keptLoadPlanName ? [[place.run, path]] : [])),
  );
  const without = runs.filter((run) => !plans.has(run));
  if (without.length > 0) {
    return { because: `\`_raw\` has no responses of ${runsText(without)}`, isForGood: true };
  }
  if (isMoreThanTables && inPlace.transform === undefined) {
    const because = '`_raw` has what `compact --latest` has removed from the tables';
    return { because, isForGood: true };
  }
  try {
    for (const journal of journals) await expectUnchanged(disk, archive, journal, 'replay');
    const surroundings = { archive, known: {}, purges: [] };
    for (const path of plans.values()) {
      await restoreLoadPlan(disk, join(archive, path), surroundings, [job], inPlace);
    }
  } catch (error) {
    if (error instanceof DifferenceError) return { because: error.message, isForGood: false };
    const isOfPlan = error instanceof JobError || error instanceof UsageError || error instanceof OutputError;
    if (!isOfPlan) throw error;
    return { because: error.message, isForGood: true };
  }
  return null;
}
