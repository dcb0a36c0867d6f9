import { publishedRuns, readRunManifest } from '../archive/manifest/run-manifests.ts';
import type { Disk } from '../system/disk.ts';
import type { Holds } from './purge-target.ts';

/** What the job of the newest run holds. @throws OutputError for a manifest that is damaged */
export async function recordedHolds(disk: Disk, archive: string): Promise<Holds> {
  for (const run of (await publishedRuns(disk, archive)).toReversed()) {
    const { manifest } = await readRunManifest(disk, archive, run);
    if (manifest.kind === 'export') return manifest.request?.hold ?? { rooms: [], users: [] };
  }
  return { rooms: [], users: [] };
}
