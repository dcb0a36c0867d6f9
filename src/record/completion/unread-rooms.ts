import { ownValue } from '../../model/json/own-value.ts';
import type { LeftOutReason } from '../../archive/state/left-out.ts';
import { unreadReasons, type Incomplete, type UnreadRoom } from '../../archive/manifest/coverage.ts';
import { isCovered } from './covered-list.ts';
import { isReset } from '../../archive/state/state-change.ts';
import type { ListState, State } from '../../archive/state/state.ts';

/** Why nothing more can be read of a list: as its room is left out or, where the job has the room, as the run ended. */
export function unreadRoom(
  { leftOut = {} }: Pick<State, 'leftOut'>,
  { roomId, roomName, roomType }: ListState,
  isPlanned: boolean,
): UnreadRoom {
  const left = ownValue(leftOut, roomId);
  const reason = left === undefined ? (isPlanned ? 'gap' : 'not-asked') : reasons[left.reason];
  return { id: roomId, name: roomName, type: roomType, reason };
}

const reasons: Readonly<Record<LeftOutReason, UnreadRoom['reason']>> = {
  'no-entry': 'not-asked',
  'kind-not-asked': 'not-asked',
  'not-joined': 'not-asked',
  invited: 'invited',
  banned: 'banned',
  refused: 'refused',
  gone: 'gone',
};

/**
 * The rooms that a run was to read again from their beginning, and could not: what the archive has of them is as earlier
 * runs made it.
 *
 * @param planned see plannedLists
 */
export function roomsNotReadAgain(
  before: Pick<State, 'lists'>,
  after: Pick<State, 'lists' | 'leftOut'>,
  planned: ReadonlySet<string>,
): readonly UnreadRoom[] {
  const lists = Object.entries(after.lists).filter(([key, list]) => {
    if (isCovered(after, key, list)) return false;
    const was = ownValue(before.lists, key);
    return isReset(list) || (was !== undefined && isReset(was) && !list.complete);
  });
  return lists.map(([key, list]) => unreadRoom(after, list, planned.has(key)));
}

/** Of each reason; more are counted only. */
const mostNamed = 20;

/** For a manifest: each room once, in the order of their names. */
export function namedRooms(rooms: readonly UnreadRoom[]): Required<Pick<Incomplete, 'rooms' | 'roomCount'>> {
  const byId = new Map(rooms.map((room) => [room.id, room]));
  const sorted = [...byId.values()].toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  const named = unreadReasons.flatMap((reason) => sorted.filter((room) => room.reason === reason).slice(0, mostNamed));
  return { rooms: named, roomCount: byId.size };
}

/** Names in a sentence; more are counted only. */
const mostInSentence = 3;

/** Why they cannot be read, in a clause: `"lunch-club" is gone from the server; the server refuses "ops"`. */
export function whyUnread(rooms: readonly UnreadRoom[]): string {
  const byId = new Map(rooms.map((room) => [room.id, room]));
  return unreadReasons
    .flatMap((reason) => {
      const names = [...byId.values()].filter((room) => room.reason === reason).map(({ name }) => JSON.stringify(name));
      return names.length === 0 ? [] : [clause(reason, names.toSorted())];
    })
    .join('; ');
}

function clause(reason: UnreadRoom['reason'], names: readonly string[]): string {
  const others = names.length - mostInSentence;
  const parts = others > 0 ? [...names.slice(0, mostInSentence), `${others} more`] : names;
  const named = new Intl.ListFormat('en').format(parts);
  switch (reason) {
    case 'gone':
      return `${named} ${names.length === 1 ? 'is' : 'are'} gone from the server`;
    case 'refused':
      return `the server refuses ${named}`;
    case 'invited':
      return `the login is only invited to ${named}`;
    case 'banned':
      return `the login is banned from ${named}`;
    case 'gap':
      return `reading ${named} again ended in a gap, and the next run tries once more`;
    case 'not-asked':
      return `the job does not ask for all that was read of ${named}`;
  }
}
