import { join } from 'node:path';
import { archivePaths, runOfManifestName } from '../../archive/paths.ts';
import { readRunManifest } from '../../archive/manifest/run-manifests.ts';
import type { Bucket } from '../client/bucket.ts';
import { StorageDisk } from '../read/storage-disk.ts';
import { rootOf } from '../read/verify-bucket.ts';

/**
 * Removes what a push has brought after a newer one, which took over, had removed it: what a purge promised to be gone must
 * not come back by a slow line. The newer push looks what is there to remove behind its last manifest: where that has not come
 * yet, it finds by itself what this one has brought.
 *
 * @param brought keys
 * @param newest number of the newest link that this push knows
 */
export async function takeBack(bucket: Bucket, brought: ReadonlySet<string>, newest: number): Promise<void> {
  const root = rootOf(bucket);
  const disk = new StorageDisk(bucket, root);
  for (const name of (await disk.list(join(root, archivePaths.manifests))) ?? []) {
    const run = runOfManifestName(name);
    if (run === undefined || run <= newest) continue;
    const { manifest } = await readRunManifest(disk, root, run);
    for (const { path } of 'replaces' in manifest ? manifest.replaces : []) {
      const head = brought.has(path) ? await bucket.head(path) : undefined;
      if (head !== undefined && head.lockedUntilMs === undefined) await bucket.remove(path, head.isVersioned);
    }
  }
}
