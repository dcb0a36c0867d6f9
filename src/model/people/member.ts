import { isRecord } from '../json/is-record.ts';
import { parseDateMs } from '../message.ts';
import type { Room, RoomType } from '../room.ts';
import { parsePerson, texts } from './person.ts';

/** A user in a room, as a list of its members shows it; null: the list does not show it. */
export interface Member {
  readonly roomId: string;
  readonly roomType: RoomType;
  readonly userId: string;
  readonly username: string | null;
  readonly name: string | null;
  /** That the user has in this room: `owner`, `moderator`, `leader`. */
  readonly roles: readonly string[] | null;
  /** Epoch milliseconds. */
  readonly joinedAtMs: number | null;
}

/**
 * Reads a row of rooms.membersOrderedByRole, groups.members, channels.members or im.members; undefined for one without an
 * id. The first has `roles` and, in newer versions, `subscription`; im.members may have `subscription` alone. Source:
 * apps/meteor/server/lib/findUsersOfRoomOrderedByRole.ts, app/api/server/v1/im.ts
 */
export function parseMember(raw: unknown, room: Pick<Room, 'id' | 'type'>): Member | undefined {
  const person = parsePerson(raw, 'members');
  if (person === undefined || !isRecord(raw)) return undefined;
  const { roles, subscription } = raw;
  const own = isRecord(subscription) ? subscription : {};
  return {
    ...unknownMember(room, person.id),
    username: person.username,
    name: person.name,
    // A member without a role has no such key where there is a subscription to have it.
    roles: texts(roles) ?? texts(own['roles']) ?? (isRecord(subscription) ? [] : null),
    joinedAtMs: parseDateMs(own['ts']) ?? null,
  };
}

/** A member of whom no more than the ids is known. */
export function unknownMember({ id, type }: Pick<Room, 'id' | 'type'>, userId: string): Member {
  return { roomId: id, roomType: type, userId, username: null, name: null, roles: null, joinedAtMs: null };
}
