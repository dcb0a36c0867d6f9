import { dirname, join } from 'node:path';
import type { Disk } from '../system/disk.ts';
import { archivePaths, runOfManifestName } from './paths.ts';

/**
 * The archive that a file or folder would lie in, also one whose first run is still open; undefined for none. Other
 * programs make folders named `_work` and `_manifest`, too (runners of CI, bills of materials): their names prove nothing.
 *
 * @param path absolute
 */
export async function surroundingArchive(disk: Disk, path: string): Promise<string | undefined> {
  for (let folder = dirname(path), inner = path; folder !== inner; inner = folder, folder = dirname(folder)) {
    if (await isArchive(disk, folder)) return folder;
  }
  return undefined;
}

/** Whether a folder has what a run of this program leaves, whole or cut. */
export async function isArchive(disk: Disk, folder: string): Promise<boolean> {
  for (const name of [archivePaths.state, archivePaths.runPlan]) {
    if ((await disk.sizeBytes(join(folder, name))) !== undefined) return true;
  }
  const manifests = (await disk.list(join(folder, archivePaths.manifests))) ?? [];
  return manifests.some((name) => runOfManifestName(name) !== undefined);
}
