import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { readPendingManifest } from '../archive/manifest/run-manifests.ts';
import type { Disk } from '../system/disk.ts';

/** What a command that was cut left there. */
export async function clearWork(disk: Disk, archive: string): Promise<void> {
  const work = join(archive, archivePaths.work);
  if ((await disk.list(work)) === undefined) return;
  await disk.remove(work);
  await disk.syncFolder(archive);
}

/**
 * Does what makes a link of the chain with an empty folder of work, and leaves nothing there when it fails, unless the link is
 * committed by then: the next command finishes that.
 *
 * @throws what `work` throws
 */
export async function withClearWork<T>(disk: Disk, archive: string, work: () => Promise<T>): Promise<T> {
  await clearWork(disk, archive);
  try {
    return await work();
  } catch (error) {
    const isCommitted = await readPendingManifest(disk, archive).then(
      (pending) => pending !== undefined,
      () => true,
    );
    if (!isCommitted) await clearWork(disk, archive).catch(() => undefined);
    throw error;
  }
}
