import { readRunManifest } from '../../archive/manifest/run-manifests.ts';
import { ExportError } from '../../errors.ts';
import type { Completion } from '../../model/run/load-result.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import type { Disk } from '../../system/disk.ts';
import type { TableOutput } from '../files/table-output.ts';
import type { LoadPlan } from '../load-plan.ts';
import type { StepSettings } from './why-no-source.ts';

type CompletedPlan = Pick<LoadPlan, 'archive' | 'runPlan' | 'jobSha256'>;

/** What became of the rows of earlier runs, and which tables have no file of a format yet. */
interface EarlierRows extends Completion {
  readonly isNew: (output: TableOutput) => boolean;
}

/**
 * Completes what formats and tables of the job lack of earlier runs. An archive whose chain is damaged is continued all the
 * same, and completed when it has been restored.
 */
export async function completeEarlier(
  disk: Disk,
  plan: CompletedPlan,
  steps: readonly StepSettings[],
  outputs: readonly TableOutput[],
): Promise<EarlierRows> {
  const nothing = { completed: [], incomplete: [], unlooked: null };
  const isFirst = plan.runPlan.run === 1;
  if (isFirst || (await isWhole(disk, plan))) return { ...nothing, isNew: () => isFirst };
  // Few runs need it: what reads archives is loaded then.
  const { readArchiveHistory } = await import('../../snapshot/archive-history.ts');
  let history: ArchiveHistory;
  try {
    history = await readArchiveHistory(disk, plan.archive);
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    return { ...nothing, unlooked: error.message, isNew: () => false };
  }
  const { completeFormats } = await import('./complete-formats.ts');
  const { hasNoFile } = await import('./lacking-rows.ts');
  const { archive } = plan;
  return {
    ...(await completeFormats({ disk, archive, history, steps }, outputs)),
    unlooked: null,
    isNew: ({ schema, sink }) => hasNoFile(history, schema.table, sink),
  };
}

/** Whether the run before found nothing missing, for the same job: then one manifest is read, and not the whole chain. */
async function isWhole(disk: Disk, { archive, runPlan, jobSha256 }: CompletedPlan): Promise<boolean> {
  const { manifest } = await readRunManifest(disk, archive, runPlan.run - 1);
  if (manifest.kind !== 'export' || manifest.job.sha256 !== jobSha256) return false;
  return manifest.coverage?.incomplete?.length === 0;
}
