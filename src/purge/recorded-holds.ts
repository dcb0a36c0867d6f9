import { readChainBack } from '../archive/manifest/read-chain.ts';
import type { Disk } from '../system/disk.ts';
import type { Holds } from './purge-target.ts';

/** What the job of the newest run holds. @throws OutputError for a chain that is damaged */
export async function recordedHolds(disk: Disk, archive: string): Promise<Holds> {
  for await (const { manifest } of readChainBack(disk, archive)) {
    if (manifest.kind === 'export') return manifest.request?.hold ?? { rooms: [], users: [] };
  }
  return { rooms: [], users: [] };
}
