import type { PurgeManifest } from '../archive/manifest/manifest.ts';
import { readPurges } from '../archive/manifest/purge/read-purges.ts';
import type { State } from '../archive/state/state.ts';
import { purgeCheck, type PurgeCheck } from '../model/run/purge-rule.ts';
import type { Disk } from '../system/disk.ts';
import type { PurgeTarget } from './purge-target.ts';

/** What earlier purges have removed already. */
export interface PurgedBefore {
  readonly message: (id: string) => boolean;
  readonly user: (id: string) => boolean;
  /** The newest that removed any of it; undefined: none did. */
  readonly of: (target: PurgeTarget) => PurgeManifest | undefined;
}

/** Who calls a purge once more, after it was cut or because nobody remembers, is to learn that it is done. */
export async function purgedBefore(disk: Disk, archive: string, state: Pick<State, 'purges'>): Promise<PurgedBefore> {
  const manifests = await readPurges(disk, archive, state);
  const checks = manifests.map((manifest) => ({ manifest, check: purgeCheck(manifest.rules) }));
  const isMessage = ({ message }: PurgeCheck, id: string): boolean =>
    // By its id alone: whose it was and when it was sent is gone.
    message({ id, versionOf: null, roomIds: [], userIds: [], tsMs: Number.POSITIVE_INFINITY });
  const removes = (check: PurgeCheck, target: PurgeTarget): boolean =>
    (target.kind === 'messages' && target.ids.some((id) => isMessage(check, id))) ||
    (target.kind === 'user' && check.user(target.name));
  return {
    message: (id) => checks.some(({ check }) => isMessage(check, id)),
    user: (id) => checks.some(({ check }) => check.user(id)),
    of: (target) => checks.findLast(({ check }) => removes(check, target))?.manifest,
  };
}

/** Whether a purge that was cut behind its commit, and is finished now, is what a caller asks for again. */
export function isSamePurge(
  { reason, by, rules }: PurgeManifest,
  target: PurgeTarget,
  asked: { readonly reason: string; readonly by: string },
): boolean {
  if (reason !== asked.reason || by !== asked.by) return false;
  const check = purgeCheck(rules);
  return rules.some((rule) => {
    switch (rule.kind) {
      case 'messages':
        return (
          target.kind === 'messages' &&
          target.ids.every((id) => check.message({ id, versionOf: null, roomIds: [], userIds: [], tsMs: 0 }))
        );
      case 'user':
        // Only the hash of the id is left, and a name may have been given: the caller looks for who has it.
        return target.kind === 'user';
      case 'before':
        return target.kind === 'before' && Date.parse(rule.before) === target.beforeMs;
    }
  });
}
