import type { PeopleState } from '../../model/people/people-state.ts';
import { omitUndefined } from '../../omit-undefined.ts';

/** The parts after a run: those whose table it did not make stay as they are, and one without entries is as good as none. */
export function peopleAfter(before: PeopleState, made: PeopleState): PeopleState {
  return omitUndefined({
    users: anyOf(made.users ?? before.users),
    memberLists: anyOf(made.memberLists ?? before.memberLists),
    memberships: anyOf(made.memberships ?? before.memberships),
  });
}

function anyOf<T>(part: Readonly<Record<string, T>> = {}): Readonly<Record<string, T>> | undefined {
  return Object.keys(part).length > 0 ? part : undefined;
}

/** The key of a user in a room; no id holds a space. */
export function membershipKey(roomId: string, userId: string): string {
  return `${roomId} ${userId}`;
}

/** The ids of such a key. */
export function membershipIds(key: string): readonly [roomId: string, userId: string] {
  const space = key.indexOf(' ');
  return [key.slice(0, space), key.slice(space + 1)];
}

/**
 * The parts as they are when rooms are to be read again: their rows are written again, those of users only if all rooms are.
 *
 * @param isReset whether a room is one of these; null: all are
 */
export function resetPeople(
  { users, memberLists, memberships }: PeopleState,
  isReset: ((roomId: string) => boolean) | null,
): PeopleState {
  const isOf = isReset ?? (() => true);
  return {
    ...(users !== undefined && { users: isReset === null ? mapped(users, forgotten) : users }),
    ...(memberLists !== undefined && {
      memberLists: mapped(memberLists, (list, id) => (isOf(id) ? { ...list, seen: null } : list)),
    }),
    ...(memberships !== undefined && {
      memberships: mapped(memberships, (member, key) => (isOf(membershipIds(key)[0]) ? forgotten(member) : member)),
    }),
  };
}

function forgotten<T extends { readonly digest: string | null }>(known: T): T {
  return { ...known, digest: null };
}

function mapped<T>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]): [string, T] => [key, change(value, key)]));
}
