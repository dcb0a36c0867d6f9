import type { PurgeRule } from '../../model/run/purge-rule.ts';
import type { Disk } from '../../system/disk.ts';
import { readChain } from '../manifest/read-chain.ts';

/**
 * What purges have removed of people, for whoever makes rows of runs before them once more: kept lists lack who was purged, as
 * if they had left. @throws OutputError for a chain that is damaged
 */
export async function purgedPeople(disk: Disk, archive: string): Promise<readonly PurgeRule[]> {
  const rules: PurgeRule[] = [];
  for await (const { manifest } of readChain(disk, archive)) {
    if (manifest.kind === 'purge') rules.push(...manifest.rules.filter(({ kind }) => kind === 'user'));
  }
  return rules;
}
