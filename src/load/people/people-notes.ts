import type { JournaledList } from '../../journal/people-journal.ts';
import type { PlannedMemberList } from '../../plan/people/plan-people.ts';

/** A room whose members the server did not list. */
export interface RefusedMembers {
  readonly room: PlannedMemberList['room'];
  readonly reason: string;
  readonly message: string;
}

interface UnseenPeople {
  /** users.list; undefined: it was not asked for. */
  readonly listed: JournaledList | undefined;
  readonly refused: readonly RefusedMembers[];
  readonly found: readonly { readonly room: PlannedMemberList['room']; readonly list: { readonly isWhole: boolean } }[];
  /** Names of rooms. */
  readonly unlisted: readonly string[];
}

/** What a run could not see of people, in sentences: a note each, for messages are read whatever becomes of it. */
export function peopleNotes({ listed, refused, found, unlisted }: UnseenPeople): readonly string[] {
  const moving = found.filter(({ list }) => !list.isWhole).map(({ room }) => room.name);
  return [
    ...(listed === undefined ? [] : usersNotes(listed)),
    ...byReason(refused).map(
      ([reason, [first, ...others]]) =>
        `Members of ${named([first, ...others].map(({ room }) => room.name))} could not be listed (${reason}): ${first.message}`,
    ),
    ...(moving.length === 0
      ? []
      : [
          `Members of ${named(moving)} came and went while they were listed: who has left is found when the room is listed again, in the next run.`,
        ]),
    ...(unlisted.length === 0
      ? []
      : [
          `The server has no list of the members of ${named(unlisted)}: livechat and voip rooms are not in room_members.`,
        ]),
  ];
}

function usersNotes({ list, refusal }: JournaledList): readonly string[] {
  if (refusal !== null) {
    return [
      `Users could not be listed (${refusal.reason}): ${refusal.message}. The table users has those met in messages and in lists of members, without roles, and nobody in it is found gone.`,
    ];
  }
  return list.isWhole
    ? []
    : [
        'Users came and went while they were listed: accounts that are gone are found when they are listed again, in the next run.',
      ];
}

type Refusals = readonly [RefusedMembers, ...RefusedMembers[]];

function byReason(refused: readonly RefusedMembers[]): readonly (readonly [string, Refusals])[] {
  const reasons = new Map<string, [RefusedMembers, ...RefusedMembers[]]>();
  for (const one of refused) {
    const same = reasons.get(one.reason);
    if (same === undefined) reasons.set(one.reason, [one]);
    else same.push(one);
  }
  return [...reasons];
}

/** `room "a"`; `12 rooms ("a", "b"…)`. */
function named(rooms: readonly string[]): string {
  const [first = ''] = rooms;
  if (rooms.length === 1) return `room "${first}"`;
  const some = rooms.slice(0, 10).map((name) => `"${name}"`);
  return `${rooms.length} rooms (${some.join(', ')}${rooms.length > 10 ? '…' : ''})`;
}
