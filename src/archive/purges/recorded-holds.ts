import type { Disk } from '../../system/disk.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { readChainBack } from '../manifest/read-chain.ts';

type Holds = NonNullable<NonNullable<Manifest['request']>['hold']>;

/** What the job of the newest run holds. @throws OutputError for a chain that is damaged */
export async function recordedHolds(disk: Disk, archive: string): Promise<Holds> {
  for await (const { manifest } of readChainBack(disk, archive)) {
    if (manifest.kind === 'export') return manifest.request?.hold ?? { rooms: [], users: [] };
  }
  return { rooms: [], users: [] };
}
