import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { sha256 } from '../hash-file.ts';
import { newestRun } from '../manifest/run-manifests.ts';
import { archivePaths } from '../paths.ts';

/** Changes whenever a run is committed or published. */
export async function archiveGlance(disk: Disk, archive: string): Promise<string> {
  // Sizes last: in an object store those of all files are listed once, for the first who asks, and a push may end meanwhile.
  const newest = await newestRun(disk, archive);
  const state = await disk.readFile(join(archive, archivePaths.state));
  const pending = await disk.sizeBytes(join(archive, archivePaths.pendingManifest));
  return JSON.stringify([pending ?? null, newest, state === undefined ? null : sha256(state)]);
}
