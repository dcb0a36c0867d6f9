import { ownValue } from '../../model/json/own-value.ts';
import { sha256 } from '../../archive/hash-file.ts';
import type { State } from '../../archive/state/state.ts';
import type { Room } from '../../model/room.ts';
import { memberEndpoints } from './member-endpoints.ts';

/** A list of the members of a room that a run reads. */
export interface PlannedMemberList {
  readonly room: Pick<Room, 'id' | 'name' | 'type'>;
  /** What the room list shows of them: see memberMark. */
  readonly seen: string | null;
}

/** What a run reads of people; for jobs that make the tables `users` or `room_members`. */
export interface PlannedPeople {
  readonly listsUsers: boolean;
  readonly listsMembers: boolean;
  readonly memberLists: readonly PlannedMemberList[];
  /** Names of rooms of whose members the server has no list: livechat and voip. */
  readonly unlisted: readonly string[];
}

/**
 * The lists of people that a run reads. Members are asked for where the room list shows a change, or has never shown any:
 * a role that was given shows in it as a message does.
 *
 * @param rooms of all streams of the job, also of those that are not read
 * @param isEveryRoom whether the others are asked for, too
 */
export function planPeople(
  rooms: readonly Room[],
  { memberLists: known = {} }: Pick<State, 'memberLists'>,
  { tables, isEveryRoom }: { readonly tables: readonly string[]; readonly isEveryRoom: boolean },
): PlannedPeople {
  const listsMembers = tables.includes('room_members');
  const distinct = [...new Map(rooms.map((room) => [room.id, room])).values()];
  const [listed, unlisted] = [true, false].map((isListed) =>
    listsMembers ? distinct.filter(({ type }) => memberEndpoints(type).length > 0 === isListed) : [],
  );
  const memberLists = (listed ?? [])
    .map((room): PlannedMemberList => {
      const { id, name, type } = room;
      return { room: { id, name, type }, seen: memberMark(room) };
    })
    .filter(({ room, seen }) => isEveryRoom || seen === null || ownValue(known, room.id)?.seen !== seen);
  return {
    listsUsers: tables.includes('users'),
    listsMembers,
    memberLists,
    unlisted: (unlisted ?? []).map(({ name }) => name),
  };
}

/**
 * Differs as soon as somebody joins, leaves or is given a role: each is a message in the room; an account that is deleted
 * shows in the count. Of a direct room the members are those it was made with, but for accounts that have been deactivated
 * since, which shows in no mark: they are seen with the next message. null: the list does not show it.
 */
function memberMark({ type, name, archived, changeMark, details }: Room): string | null {
  const count = details?.membersCount ?? null;
  if (type === 'direct') return digest([name, count, ...(changeMark === null ? [] : [changeMark])]);
  // Of an archived group older servers do not list them: see archivedLists.
  return changeMark === null ? null : digest(archived ? [changeMark, count, 'archived'] : [changeMark, count]);
}

function digest(shown: readonly unknown[]): string {
  return sha256(JSON.stringify(shown)).slice(0, 16);
}
