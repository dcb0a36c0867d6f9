import type { HeadOf } from '../archive/manifest/parts/link-head.ts';
import type { PurgeManifest } from '../archive/manifest/manifest.ts';
import { readPurges } from '../archive/purges/read-purges.ts';
import type { State } from '../archive/state/state.ts';
import { keyedNameHash, purgeCheck, type PurgeCheck, type PurgeRule } from '../model/run/purge-rule.ts';
import type { Disk } from '../system/disk.ts';
import type { PurgeTarget } from './purge-target.ts';

/** What earlier purges have removed already. */
export interface PurgedBefore {
  readonly message: (id: string) => boolean;
  /** By id or username. */
  readonly user: (name: string) => boolean;
  /** Whether the username was that of somebody who was purged, and who is none of these people. */
  readonly isOfAnother: (username: string, userIds: ReadonlySet<string>) => boolean;
  /** The newest that removed any of it; undefined: none did. */
  readonly of: (target: PurgeTarget) => HeadOf<PurgeManifest> | undefined;
}

/** Who calls a purge once more, after it was cut or because nobody remembers, is to learn that it is done. */
export async function purgedBefore(disk: Disk, archive: string, state: Pick<State, 'purges'>): Promise<PurgedBefore> {
  const manifests = await readPurges(disk, archive, state);
  const checks = manifests.map((manifest) => ({ manifest, check: purgeCheck(manifest.rules) }));
  const isUser = ({ manifest, check }: (typeof checks)[number], name: string): boolean =>
    check.user(name) || manifest.rules.some((rule) => hasName(rule, name));
  const isMessage = ({ message }: PurgeCheck, id: string): boolean =>
    // By its id alone: whose it was and when it was sent is gone.
    message({ id, versionOf: null, roomIds: [], userIds: [], usernames: [], tsMs: Number.POSITIVE_INFINITY });
  const removes = (one: (typeof checks)[number], target: PurgeTarget): boolean =>
    (target.kind === 'messages' && target.ids.some((id) => isMessage(one.check, id))) ||
    (target.kind === 'user' && isUser(one, target.name));
  return {
    message: (id) => checks.some(({ check }) => isMessage(check, id)),
    user: (name) => checks.some((one) => isUser(one, name)),
    isOfAnother: (username, userIds) =>
      checks.some(
        ({ manifest, check }) =>
          manifest.rules.some((rule) => hasName(rule, username)) && ![...userIds].some((id) => check.user(id)),
      ),
    of: (target) => checks.findLast((one) => removes(one, target))?.manifest,
  };
}

function hasName(rule: PurgeRule, username: string): boolean {
  return rule.kind === 'user' && rule.names?.includes(keyedNameHash(rule.key, username)) === true;
}

/** Whether a purge that was cut behind its commit, and is finished now, is what a caller asks for again. */
export function isSamePurge(
  { reason, by, rules }: Pick<PurgeManifest, 'reason' | 'by' | 'rules'>,
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
          target.ids.every((id) =>
            check.message({ id, versionOf: null, roomIds: [], userIds: [], usernames: [], tsMs: 0 }),
          )
        );
      case 'user':
        // Somebody else may have the name now: the caller looks for who has it.
        return false;
      case 'before':
        return target.kind === 'before' && Date.parse(rule.before) === target.beforeMs;
    }
  });
}
