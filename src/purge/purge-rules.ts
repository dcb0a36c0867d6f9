import { keyedHash, keyedNameHash, type PurgeRule } from '../model/run/purge-rule.ts';
import type { Purged } from './find-purged.ts';
import type { PurgeTarget } from './purge-target.ts';

/** What later runs have to leave out, so that nothing comes back: what is purged by its id only as a keyed hash. */
export function purgeRules(
  target: PurgeTarget,
  { messageIds, userIds, untoldIds, usernames, heldRooms, heldUsers, pseudonymKeys }: Purged,
  now: string,
  random: () => number,
): readonly PurgeRule[] {
  // 128 bits: the same id has another hash in every purge.
  const words = Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32));
  const key = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  switch (target.kind) {
    case 'messages':
      return [{ kind: 'messages', key, hashes: hashesOf(messageIds, key) }];
    case 'user': {
      const hashes = hashesOf(userIds, key);
      const names = [...usernames].map((name) => keyedNameHash(key, name)).sort();
      const people = hashes.map((hash) => ({ kind: 'user', key, hash, names, until: now }) as const);
      const pseudonymKey = [...userIds].map((id) => pseudonymKeys.get(id)).find((one) => one !== undefined);
      const isIdKnown = pseudonymKey === undefined || [...userIds].some((id) => !pseudonymKeys.has(id));
      // Kept journals have the person's messages by the id that nobody knows here.
      const unknown = isIdKnown ? untoldIds : messageIds;
      return [
        ...(isIdKnown ? people : people.map((rule) => ({ ...rule, pseudonymKey }))),
        ...(unknown.size === 0 ? [] : [{ kind: 'messages', key, hashes: hashesOf(unknown, key) } as const]),
      ];
    }
    case 'before': {
      const pseudonymKey = [...heldRooms, ...heldUsers]
        .map((id) => pseudonymKeys.get(id))
        .find((one) => one !== undefined);
      return [
        {
          kind: 'before',
          before: new Date(target.beforeMs).toISOString(),
          heldRooms: [...heldRooms].sort(),
          heldUsers: [...heldUsers].sort(),
          ...(pseudonymKey && { pseudonymKey }),
        },
      ];
    }
  }
}

function hashesOf(ids: ReadonlySet<string>, key: string): readonly string[] {
  return [...ids].map((id) => keyedHash(key, id)).sort();
}
