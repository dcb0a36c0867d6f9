import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { StoppedError } from '../errors.ts';
import type { Disk } from '../system/disk.ts';

/** The pages of a run that was cut belong to the state as it is; and its job, not we, knows how to resume it. */
export async function refuseOpenRun(disk: Disk, archive: string, verb: 'compact' | 'purge'): Promise<void> {
  if ((await disk.sizeBytes(join(archive, archivePaths.runPlan))) === undefined) return;
  throw new StoppedError(`Cannot ${verb} "${archive}": a run was cut, and is still open`, {
    hint: 'Run its job first, which resumes that run, then this command',
  });
}

/** What a command that was cut left there. */
export async function clearWork(disk: Disk, archive: string): Promise<void> {
  const work = join(archive, archivePaths.work);
  if ((await disk.list(work)) === undefined) return;
  await disk.remove(work);
  await disk.syncFolder(archive);
}
