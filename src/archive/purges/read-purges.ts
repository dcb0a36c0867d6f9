import type { PurgeRule } from '../../model/run/purge-rule.ts';
import type { Disk } from '../../system/disk.ts';
import type { State } from '../state/state.ts';
import type { HeadOf } from '../manifest/parts/link-head.ts';
import type { PurgeManifest } from '../manifest/manifest.ts';
import { readChainBack } from '../manifest/read-chain.ts';
import { wholeReader } from '../manifest/parts/manifest-readers.ts';
import { missingManifest, readLinkOf } from '../manifest/run-manifests.ts';

/**
 * The purges of an archive, oldest first. They are read as links of its chain, from the newest link back to the oldest
 * purge: one that was changed would let what it removed come back.
 *
 * @throws OutputError for a link that is missing, damaged or not as the next one says
 */
export async function readPurges(
  disk: Disk,
  archive: string,
  { purges = [] }: Pick<State, 'purges'>,
): Promise<readonly HeadOf<PurgeManifest>[]> {
  const oldest = Math.min(...purges);
  const wanted = new Set(purges);
  const found: HeadOf<PurgeManifest>[] = [];
  if (wanted.size === 0) return found;
  for await (const { manifest } of readChainBack(disk, archive)) {
    if (wanted.delete(manifest.run) && manifest.kind === 'purge') found.unshift(manifest);
    if (manifest.run <= oldest) break;
  }
  const [lost] = wanted;
  if (lost !== undefined) throw missingManifest(archive, lost);
  return found;
}

/** One of them, whole. @throws OutputError as above */
export async function readPurge(disk: Disk, archive: string, run: number): Promise<PurgeManifest> {
  const { manifest } = await readLinkOf(disk, archive, run, wholeReader);
  if (manifest.kind === 'purge') return manifest;
  throw new Error(`Link ${run} is no purge`);
}

/** What purges have removed from an archive, and runs have to leave out. @throws OutputError as above */
export async function readPurgeRules(
  disk: Disk,
  archive: string,
  state: Pick<State, 'purges'>,
): Promise<readonly PurgeRule[]> {
  return (await readPurges(disk, archive, state)).flatMap(({ rules }) => rules);
}
