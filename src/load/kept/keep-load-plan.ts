import { join } from 'node:path';
import { archivePaths } from '../../archive/paths.ts';
import { sinkAsWritten, stepWithoutSecrets } from '../../job/job-without-secrets.ts';
import { encodeFrame } from '../../journal/frame.ts';
import { replaceFile, type Disk } from '../../system/disk.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import type { LoadPlan } from '../load-plan.ts';
import { keptLoadPlanVersion } from './load-plan-schema.ts';

/** Sorts before the journals of lists, which count from 1. */
export const keptLoadPlanName = '0000-plan.pages';

/**
 * Writes down, beside journals that are kept, how they were loaded: with it the tables can be made of them once more. Written
 * when the run is loaded, for a run that was cut may be resumed by a job with other steps or formats.
 */
export async function keepLoadPlan(
  disk: Disk,
  {
    archive,
    runPlan,
    transform,
    sinks,
    partition,
    rowsPerFile,
    openParts,
    jobSha256,
    savesFiles,
    held,
    metadata,
  }: LoadPlan,
): Promise<void> {
  const { steps, ...rest } = transform;
  const kept = {
    version: keptLoadPlanVersion,
    transform: { ...rest, ...(steps && { steps: steps.map(stepWithoutSecrets) }) },
    sinks: sinks.map(sinkAsWritten),
    partition,
    rowsPerFile,
    openParts,
    jobSha256,
    savesFiles,
    ...omitUndefined({ held }),
    metadata,
    runPlan,
  };
  const frame = encodeFrame({ kind: 'plan' }, Buffer.from(JSON.stringify(kept)));
  await replaceFile(disk, join(archive, archivePaths.journal, keptLoadPlanName), frame);
}
