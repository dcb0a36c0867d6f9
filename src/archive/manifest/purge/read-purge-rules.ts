import type { PurgeRule } from '../../../model/run/purge-rule.ts';
import type { Disk } from '../../../system/disk.ts';
import type { State } from '../../state/state.ts';
import { readRunManifest } from '../run-manifests.ts';

/** What purges have removed from an archive, and runs have to leave out. @throws OutputError for a manifest that is damaged */
export async function readPurgeRules(
  disk: Disk,
  archive: string,
  { purges = [] }: Pick<State, 'purges'>,
): Promise<readonly PurgeRule[]> {
  const rules: PurgeRule[] = [];
  for (const run of purges) {
    const { manifest } = await readRunManifest(disk, archive, run);
    if (manifest.kind === 'purge') rules.push(...manifest.rules);
  }
  return rules;
}
