import { keyedHash, type PurgeRule } from '../model/run/purge-rule.ts';
import type { Purged } from './find-purged.ts';
import type { PurgeTarget } from './purge-target.ts';

/** What later runs have to leave out, so that nothing comes back: what is purged by its id only as a keyed hash. */
export function purgeRules(
  target: PurgeTarget,
  { messageIds, userIds, heldRooms, heldUsers }: Purged,
  now: string,
  random: () => number,
): readonly PurgeRule[] {
  // 128 bits: the same id has another hash in every purge.
  const words = Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32));
  const key = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  switch (target.kind) {
    case 'messages':
      return [{ kind: 'messages', key, hashes: hashesOf(messageIds, key) }];
    case 'user':
      return hashesOf(userIds, key).map((hash) => ({ kind: 'user', key, hash, until: now }));
    case 'before':
      return [
        {
          kind: 'before',
          before: new Date(target.beforeMs).toISOString(),
          heldRooms: [...heldRooms].sort(),
          heldUsers: [...heldUsers].sort(),
        },
      ];
  }
}

function hashesOf(ids: ReadonlySet<string>, key: string): readonly string[] {
  return [...ids].map((id) => keyedHash(key, id)).sort();
}
