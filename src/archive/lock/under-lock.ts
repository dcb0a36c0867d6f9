import { dirname } from 'node:path';
import { monotonicMs, systemEvery, type Clock } from '../../system/clock.ts';
import type { Disk } from '../../system/disk.ts';
import { heldDisk } from './held-disk.ts';
import type { LockHolder, ProcessIdentity } from './lock-holder.ts';
import { acquireLock, type Lock, type LockSurroundings } from './lock.ts';
import { inRealFolders } from './real-folders.ts';

/** What whoever writes to an archive takes from its environment, so that tests can replace it. */
export interface WriterEnvironment {
  readonly clock: Clock;
  readonly disk: Disk;
  /** Who writes, for the archive's lock, and whether somebody else who has it still does. */
  readonly process: ProcessIdentity;
  readonly isAlive: (holder: LockHolder) => boolean;
}

/** How to write to an archive whose lock is held. */
interface HeldArchive {
  /** Refuses to change anything once the lock is lost, and follows no link within the archive. */
  readonly disk: Disk;
  /** Aborted when the lock is lost. */
  readonly lost: AbortSignal;
}

/**
 * Does the work while this process is the only one that writes to the archive. Folders that were made for it and that hold
 * nothing when it fails are removed again: a wrong password leaves no trace.
 *
 * @param archive absolute path
 * @throws as acquireLock, and what the work throws; StoppedError when the lock is lost meanwhile
 */
export async function underLock<T>(
  archive: string,
  surroundings: WriterEnvironment & Pick<LockSurroundings, 'signal' | 'onWatch'>,
  work: (held: HeldArchive) => Promise<T>,
): Promise<T> {
  const startedAt = new Date(surroundings.clock.now()).toISOString();
  const holder = { ...surroundings.process, startedAt };
  const missing = await missingFolders(surroundings.disk, archive);
  try {
    const lock = await acquireLock(archive, holder, { ...surroundings, every: systemEvery });
    const disk = inRealFolders(heldDisk(surroundings.disk, lock, monotonicMs), archive);
    return await thenRelease(lock, () => work({ disk, lost: lock.lost }));
  } catch (error) {
    for (const folder of missing) await surroundings.disk.removeEmptyFolder(folder).catch(() => undefined);
    throw error;
  }
}

/** Folders that have to be made for one, the innermost first. */
async function missingFolders(disk: Disk, folder: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let path = folder; ; path = dirname(path)) {
    // What cannot be looked at is for the making of folders to report.
    const isThere = (await disk.list(path).catch(() => [])) !== undefined;
    if (isThere || path === dirname(path)) return missing;
    missing.push(path);
  }
}

/** What went wrong with the work outweighs what goes wrong with the release. */
async function thenRelease<T>(lock: Lock, work: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    // A lock that stays behind is taken over as soon as this process has ended.
    await lock.release().catch(() => undefined);
    throw error;
  }
  await lock.release();
  return result;
}
