import { createHmac } from 'node:crypto';

/**
 * What a purge removed, as later runs need to know it. Ids stand as keyed hashes: who has the archive alone can check whether
 * an id that he knows was purged, and cannot list those that were.
 */
export type PurgeRule =
  | { readonly kind: 'messages'; readonly key: string; readonly hashes: readonly string[] }
  /** Messages of a user sent up to `until` (ISO 8601, UTC), and the user in the tables of people. */
  | ({
      readonly kind: 'user';
      readonly key: string;
      readonly hash: string;
      /** Of the usernames that rows knew, as `keyedNameHash` makes them: whoever has one of them later is not purged by it. */
      readonly names?: readonly string[];
      readonly until: string;
    } & ByPseudonym)
  /** Messages sent before (ISO 8601, UTC), but for those that were held: ids of rooms and users. */
  | ({
      readonly kind: 'before';
      readonly before: string;
      readonly heldRooms: readonly string[];
      readonly heldUsers: readonly string[];
    } & ByPseudonym);

/** How people stand in a rule. */
export interface ByPseudonym {
  /** Fingerprint of the key by which people stand in the rule; absent: by their ids. No other key makes these pseudonyms. */
  readonly pseudonymKey?: string;
}

/** By this name manifests count, among the steps of the job, the messages that a purge kept out of a run. */
export const purgedStepName = 'purged';

/** Of the steps in a manifest those that its job has: nobody can add or take away what a purge keeps out. */
export function stepsOfJob<Step extends { readonly step: string }>(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ step }) => step !== purgedStepName);
}

/** What of a message the rules look at. */
interface PurgeableMessage {
  readonly id: string;
  /** Of an earlier version the id of its message. */
  readonly versionOf: string | null;
  /** As the server has the room and, where a step changed that, as rows have it; so also the sender. */
  readonly roomIds: readonly string[];
  readonly userIds: readonly string[];
  readonly usernames: readonly string[];
  readonly tsMs: number;
}

/**
 * Rooms and people whose messages no purge by time keeps out of a run: ids, and names that a job holds. What was purged by its
 * id or sender stays out all the same.
 */
export interface Held {
  readonly rooms: readonly string[];
  readonly users: readonly string[];
}

/** What rules say of messages and people. */
export interface PurgeCheck {
  readonly message: (message: PurgeableMessage) => boolean;
  readonly user: (id: string) => boolean;
}

/**
 * Whether a rule is about a message. People and direct rooms stand in rules as they stood in rows, which may have been by
 * another id than in the rows of today.
 *
 * @param read as the server has it
 * @param shown behind the steps of the job
 */
export function isPurged(check: PurgeCheck, read: Placed, shown: Placed & Dated): boolean {
  return check.message({
    id: shown.id,
    versionOf: shown.versionOf,
    tsMs: shown.ts.getTime(),
    roomIds: [read.roomId, shown.roomId],
    userIds: [read.userId, shown.userId].filter((id) => id !== null),
    usernames: [read.username, shown.username].filter((name) => name !== null),
  });
}

interface Placed {
  readonly roomId: string;
  readonly userId: string | null;
  readonly username: string | null;
}

interface Dated {
  readonly id: string;
  readonly versionOf: string | null;
  readonly ts: Date;
}

export function keyedHash(key: string, id: string): string {
  return createHmac('sha256', key).update(id).digest('hex').slice(0, 32);
}

/** No id is taken for a name. */
export function keyedNameHash(key: string, username: string): string {
  return keyedHash(key, `name ${username}`);
}

/** @param held by the job of the run, also where the purge knew of no hold */
export function purgeCheck(rules: readonly PurgeRule[], held: Held = { rooms: [], users: [] }): PurgeCheck {
  const byMessage = rules
    .filter((rule, index) => !rules.some((other, at) => makesNeedless(other, at, rule, index)))
    .map((rule) => messageCheck(rule, held));
  const users = rules.filter((rule) => rule.kind === 'user');
  return {
    message: (message) => byMessage.some((isPurged) => isPurged(message)),
    user: (id) => users.some(({ key, hash }) => keyedHash(key, id) === hash),
  };
}

/** Retention adds a rule per purge, each of which says all that the one before said. */
function makesNeedless(other: PurgeRule, otherAt: number, rule: PurgeRule, at: number): boolean {
  if (other.kind !== 'before' || rule.kind !== 'before' || otherAt === at) return false;
  const holdsNoMore =
    other.heldRooms.every((id) => rule.heldRooms.includes(id)) &&
    other.heldUsers.every((id) => rule.heldUsers.includes(id));
  if (!holdsNoMore || Date.parse(other.before) < Date.parse(rule.before)) return false;
  const isSame =
    other.before === rule.before &&
    other.heldRooms.length === rule.heldRooms.length &&
    other.heldUsers.length === rule.heldUsers.length;
  return !isSame || otherAt > at;
}

function messageCheck(rule: PurgeRule, held: Held): PurgeCheck['message'] {
  switch (rule.kind) {
    case 'messages': {
      const hashes = new Set(rule.hashes);
      return ({ id, versionOf }) => hashes.has(keyedHash(rule.key, versionOf ?? id));
    }
    case 'user': {
      const untilMs = Date.parse(rule.until);
      return ({ userIds, tsMs }) => tsMs <= untilMs && userIds.some((id) => keyedHash(rule.key, id) === rule.hash);
    }
    case 'before': {
      const beforeMs = Date.parse(rule.before);
      const rooms = new Set([...rule.heldRooms, ...held.rooms]);
      const users = new Set([...rule.heldUsers, ...held.users]);
      return ({ tsMs, roomIds, userIds, usernames }) =>
        tsMs < beforeMs &&
        !roomIds.some((id) => rooms.has(id)) &&
        !userIds.some((id) => users.has(id)) &&
        !usernames.some((name) => users.has(name));
    }
  }
}
