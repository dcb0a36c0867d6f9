import { join } from 'node:path';
import type { Disk } from '../system/disk.ts';
import { UsageError } from '../errors.ts';
import { archivePaths } from './paths.ts';

/**
 * @param action completes "Cannot … <archive>"
 * @throws UsageError when a folder is no archive, not even one whose first run is still open
 */
export async function expectArchive(disk: Disk, archive: string, action: string): Promise<void> {
  for (const name of [archivePaths.manifests, archivePaths.state, archivePaths.work]) {
    if ((await disk.sizeBytes(join(archive, name))) !== undefined) return;
  }
  throw new UsageError(`Cannot ${action} "${archive}": there is no archive`, {
    hint: 'Name the folder that a job writes to, its `output`',
  });
}
