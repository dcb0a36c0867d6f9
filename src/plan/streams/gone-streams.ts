import type { ListState, State } from '../../archive/state/state.ts';
import { endpointNamed, endpoints, endpointsFilling } from '../../endpoints/endpoints.ts';
import { endpointsOf, roomTypesOf, tableOf } from '../../endpoints/entry-endpoints.ts';
import type { ExtractEntry } from '../../job/job.ts';
import { allTime } from '../../model/time/period.ts';
import { roomTypes, type Room, type RoomType } from '../../model/room.ts';
import { selectRooms } from '../../rocketchat/rooms/select-rooms.ts';
import { entryRooms, roomsInScope } from '../rooms/entry-rooms.ts';
import type { GoneStream, RunPlan } from '../run-plan.ts';
import type { SeenRooms } from '../rooms/seen-rooms.ts';
import { ownValue } from '../../model/json/own-value.ts';
import { nothingRead } from '../../journal/completeness.ts';
import { filtersOf } from '../../endpoints/message-filters.ts';
import { streamKey } from '../stream-key.ts';
import type { StreamOutcome } from '../stream-outcome.ts';

/**
 * Streams that earlier runs read and that the job still asks for, of rooms that no entry reads any more: they were deleted,
 * the login has left them, they changed their kind, another room has taken their name, or no entry matches the new one. A
 * room that only the job leaves out now is not gone.
 *
 * @param rooms the server's whole list, with what `withFormerNames` knows
 * @param unseen which rooms may be there though no list has them, because the server refused one
 */
export function goneStreams(
  entries: readonly ExtractEntry[],
  rooms: readonly Room[],
  state: State,
  { refused, isOnlyGroups }: Pick<SeenRooms, 'refused' | 'isOnlyGroups'> = { refused: [] },
): readonly GoneStream[] {
  const mayBeThere = ({ unjoined, roomType }: Pick<ListState, 'unjoined' | 'roomType'>): boolean =>
    (refused.length > 0 && unjoined === true) || (isOnlyGroups === true && roomType !== 'private');

  const gone = entries
    .flatMap((entry) => goneOf(entry, entries, rooms, state))
    .filter(({ key, reason }) => {
      const list = ownValue(state.lists, key);
      return !(reason === 'room-gone' && list !== undefined && mayBeThere(list));
    });
  return [...new Map(gone.map((stream) => [stream.key, stream])).values()];
}

/** The same for one entry of the job's. */
export function goneOf(
  entry: ExtractEntry,
  entries: readonly ExtractEntry[],
  rooms: readonly Room[],
  state: State,
): readonly GoneStream[] {
  const filters = filtersOf(entry);
  const readable = roomTypesOf(entry);
  const here = new Map(rooms.map((room) => [room.id, room]));
  const covered = coveredRooms(entry, entries, rooms);
  return Object.entries(state.lists).flatMap(([key, known]): GoneStream[] => {
    const endpoint = endpointsOf(entry).find((name) => key === streamKey(name, known.roomId, filters));
    if (endpoint === undefined || covered.has(known.roomId)) return [];
    const now = here.get(known.roomId);
    const room = now ?? rememberedRoom(known);
    if (roomsInScope(entry, [room]).length === 0) return [];
    if (!isAskedFor(room, entry.rooms, now === undefined ? readable : [room.type])) return [];
    const { pageSize = null } = entry;
    return [
      {
        key,
        endpoint,
        room,
        via: 'messages',
        filters,
        pageSize,
        isNew: false,
        mayReplace: false,
        holes: [],
        cursor: known.cursor,
        otherCursor: null,
        sinceMs: null,
        untilMs: null,
        isSought: false,
        period: allTime,
        spans: [],
        reason: now === undefined ? 'room-gone' : readable.includes(room.type) ? 'room-renamed' : 'room-kind',
      },
    ];
  });
}

/** By itself, for with the others there another room may have its name; and by names that it had, which globs do not see. */
function isAskedFor(room: Room, patterns: readonly string[], types: readonly RoomType[]): boolean {
  const isSelected = (one: Room, entries: readonly string[]): boolean =>
    selectRooms([one], entries, types).selected.length > 0;
  if (isSelected(room, patterns)) return true;
  const exclusions = patterns.filter((pattern) => pattern.startsWith('!'));
  if (exclusions.length > 0 && !isSelected(room, exclusions)) return false;
  return (room.formerNames ?? []).some((name) => isSelected({ ...room, name }, patterns));
}

/** Ids of the rooms that entries read which make the same kind of list. */
export function coveredRooms(
  entry: ExtractEntry,
  entries: readonly ExtractEntry[],
  rooms: readonly Room[],
): ReadonlySet<string> {
  const alike = entries.filter((other) => tableOf(other) === tableOf(entry));
  const selected = alike.flatMap((other) => entryRooms(other, rooms).selected);
  return new Set(selected.map(({ id }) => id));
}

function rememberedRoom({ roomId, roomName, roomType, formerNames, endpoint, unjoined }: ListState): Room {
  const readable = endpointNamed(endpoint)?.roomTypes[0];
  return {
    id: roomId,
    name: roomName,
    archived: false,
    parentId: null,
    messageCount: null,
    type: Object.values(roomTypes).find((one) => one === roomType) ?? readable ?? 'private',
    lastMessageAtMs: null,
    updatedAtMs: null,
    changeMark: null,
    ...(formerNames.length > 0 && { formerNames }),
    ...(unjoined === true && { unjoined }),
  };
}

/** Why nothing could be read of a room that is gone. */
export function goneGap({ room, endpoint, reason }: GoneStream): { readonly reason: string; readonly message: string } {
  switch (reason) {
    case 'room-gone':
      return {
        reason,
        message: `Room "${room.name}" is no longer among the rooms this login can see: it was deleted, or the login has left it`,
      };
    case 'room-kind': {
      const readers = endpointsFilling(endpoints[endpoint].table).filter(({ roomTypes: types }) =>
        types.includes(room.type),
      );
      const names = readers.map(({ name }) => name).join(' or ');
      return {
        reason,
        message: `Room "${room.name}" is a ${room.type} room now, which ${endpoint} does not read: add an entry with it, without endpoint or of ${names}, and it is read on where it was`,
      };
    }
    case 'room-renamed':
      return {
        reason,
        message: `Room "${room.name}" has a new name, which no entry of the job matches: add it, and the room is read on where it was`,
      };
  }
}

/**
 * Rooms that this run is the first to miss. Later ones only note it: a job that runs every night must not fail for ever
 * because of one room that was deleted.
 */
export function newlyGone(state: State, { gone }: Pick<RunPlan, 'gone'>): readonly StreamOutcome<GoneStream>[] {
  return gone
    .filter(({ key }) => state.lists[key]?.gone !== true)
    .map((stream) => ({
      stream,
      completeness: nothingRead,
      cursor: stream.cursor,
      gap: goneGap(stream),
      holes: [],
      total: null,
    }));
}
