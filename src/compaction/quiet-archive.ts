import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { recordedHolds } from '../archive/purges/recorded-holds.ts';
import { StoppedError, UsageError } from '../errors.ts';
import type { Disk } from '../system/disk.ts';

/** The pages of a run that was cut belong to the state as it is; and its job, not we, knows how to resume it. */
export async function refuseOpenRun(disk: Disk, archive: string, verb: 'compact' | 'purge'): Promise<void> {
  if ((await disk.sizeBytes(join(archive, archivePaths.runPlan))) === undefined) return;
  throw new StoppedError(`Cannot ${verb} "${archive}": a run was cut, and is still open`, {
    hint: 'Run its job first, which resumes that run, then this command',
  });
}

/**
 * Earlier versions and deleted messages of held rooms and people are what a hold is for: only the newest must not be kept.
 *
 * @throws UsageError when the job of the newest run holds anything
 */
export async function refuseHeld(disk: Disk, archive: string): Promise<void> {
  const { rooms, users } = await recordedHolds(disk, archive);
  const held = [...rooms, ...users];
  if (held.length === 0) return;
  throw new UsageError(
    `Cannot compact "${archive}" to the newest versions: its job holds ${held.map((name) => `"${name}"`).join(', ')}`,
    { hint: 'Compact it without --latest; or, when the hold has ended, take it out of the job and run that first' },
  );
}
