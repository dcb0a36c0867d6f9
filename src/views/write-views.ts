import type { Disk } from '../system/disk.ts';
import { writeSchemaView } from './schema-view.ts';

/** What is made of an archive for its readers, by the folder below `_view` that it has for itself. */
const views: Readonly<Record<string, (disk: Disk, archive: string) => Promise<void>>> = { schema: writeSchemaView };

/**
 * Brings the folders in `_view` up to date, after a run or a compaction has been published. They are no part of what was
 * published: what cannot be written is reported, and written by the next run. Needs the lock.
 *
 * @param onFailure called with the folder that is missing, or older than the archive
 */
export async function writeViews(
  disk: Disk,
  archive: string,
  onFailure: (view: string, error: unknown) => void,
): Promise<void> {
  for (const [view, write] of Object.entries(views)) {
    await write(disk, archive).catch((error: unknown) => onFailure(view, error));
  }
}
