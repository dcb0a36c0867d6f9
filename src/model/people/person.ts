import { filledTextOrNull } from '../text/text-or-null.ts';
import { isRecord } from '../json/is-record.ts';

/** What a person is known from: the server's list of users, a list of the members of a room, or a message. */
export type PersonSource = 'list' | 'members' | 'message';

/** A user of the workspace, as far as the server shows it; null: it does not. */
export interface Person {
  readonly id: string;
  readonly username: string | null;
  readonly name: string | null;
  /** Of the workspace, not of a room. */
  readonly roles: readonly string[] | null;
  /** `user`, `bot`, `app`… */
  readonly type: string | null;
  /** false: deactivated. */
  readonly active: boolean | null;
  readonly utcOffsetMinutes: number | null;
  readonly source: PersonSource;
}

/**
 * Reads a user as users.list, users.info and the lists of members show it; undefined for a row without an id, and for what
 * stands in a kept journal where a purge took the user out.
 * Source: packages/core-typings/src/IUser.ts
 */
export function parsePerson(raw: unknown, source: PersonSource): Person | undefined {
  if (!isRecord(raw)) return undefined;
  const { _id: id, username, name, type, active, utcOffset, purged } = raw;
  if (typeof id !== 'string' || id === '' || typeof purged === 'number') return undefined;
  return {
    ...unknownPerson(id, source),
    username: filledTextOrNull(username),
    name: filledTextOrNull(name),
    // In a list of members they are those that the user has in the room.
    roles: source === 'list' ? texts(raw['roles']) : null,
    type: filledTextOrNull(type),
    active: typeof active === 'boolean' ? active : null,
    utcOffsetMinutes: minutesOf(utcOffset),
  };
}

/** A user of whom no more than the id is known. */
export function unknownPerson(id: string, source: PersonSource): Person {
  const nothing = { username: null, name: null, roles: null, type: null, active: null, utcOffsetMinutes: null };
  return { id, ...nothing, source };
}

export function texts(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : null;
}

/** The server has hours, of which some places have halves and quarters: 5.75. */
function minutesOf(hours: unknown): number | null {
  return typeof hours === 'number' && Math.abs(hours) <= 24 ? Math.round(hours * 60) : null;
}
