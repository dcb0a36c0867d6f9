import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import type { Job } from '../job/job.ts';
import { compressJournals } from '../journal/kept/compress-journals.ts';
import { keepLoadPlan } from '../load/kept/keep-load-plan.ts';
import { shownMembers } from '../load/people/shown-members.ts';
import type { LoadPlan } from '../load/load-plan.ts';
import { purgeCheck } from '../model/run/purge-rule.ts';
import type { RunOutcomes } from '../plan/stream-outcome.ts';
import { journalsToKeep } from '../record/journals-to-keep.ts';
import type { Disk } from '../system/disk.ts';

/**
 * Lays the journals that stay in the archive where publishing finds them: all of them or, for a job that keeps none, those
 * with messages that make no row. What was purged is taken out of them first.
 *
 * @returns whether there are any
 */
export async function keepJournals(
  disk: Disk,
  { output: archive, raw }: Pick<Job, 'output' | 'raw'>,
  loadPlan: LoadPlan,
  outcomes: RunOutcomes,
): Promise<boolean> {
  const { purges, held, runPlan, transform } = loadPlan;
  const journals = join(archive, archivePaths.journal);
  if (purges.length > 0) {
    // Few archives have any: what purges is loaded then.
    const { purgeJournals } = await import('../purge/purge-journal.ts');
    const shown = await shownMembers(transform);
    await purgeJournals(disk, journals, { check: purgeCheck(purges, held), run: runPlan.run, shown });
  }
  if (raw === 'keep') await keepLoadPlan(disk, loadPlan);
  const kept = raw === 'keep' ? undefined : journalsToKeep(outcomes);
  if (kept?.length === 0) return false;
  await compressJournals(disk, journals, join(archive, archivePaths.keptJournals), kept);
  return true;
}
