import { join } from 'node:path';
import type { Disk } from '../system/disk.ts';
import { UsageError } from '../errors.ts';
import { archivePaths } from './paths.ts';
import { surroundingArchive } from './surrounding-archive.ts';

/** Of archives, in a hint. */
const mostNamed = 5;

/**
 * @param action completes "Cannot … <archive>"
 * @throws UsageError when a folder is no archive, not even one whose first run is still open
 */
export async function expectArchive(disk: Disk, archive: string, action: string): Promise<void> {
  for (const name of [archivePaths.manifests, archivePaths.state, archivePaths.work]) {
    if ((await disk.sizeBytes(join(archive, name))) !== undefined) return;
  }
  const inside = await archivesIn(disk, archive);
  const around = await surroundingArchive(disk, archive);
  throw new UsageError(`Cannot ${action} "${archive}": there is no archive`, {
    hint:
      around !== undefined
        ? `Name the archive that it lies in: "${around}"`
        : inside.length === 0
          ? 'Name the folder that a job writes to, its `output`'
          : `Name one of the archives in it: ${inside.map((name) => `"${name}"`).join(', ')}`,
  });
}

/** As `output`, where jobs have their archives by default. */
async function archivesIn(disk: Disk, folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of (await disk.list(folder)) ?? []) {
    if (found.length === mostNamed) break;
    const place = join(folder, name);
    if ((await disk.sizeBytes(join(place, archivePaths.manifests))) !== undefined) found.push(place);
  }
  return found;
}
