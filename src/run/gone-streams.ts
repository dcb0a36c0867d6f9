import type { State } from '../archive/state.ts';
import { endpoints } from '../extractors/endpoints.ts';
import type { ExtractEntry } from '../job/job.ts';
import { roomTypes, type Room } from '../rocketchat/room.ts';
import { selectRooms } from '../rocketchat/select-rooms.ts';
import type { OpenRun, PlannedStream } from './open-run.ts';
import { noProof } from './proof.ts';
import { filtersOf, streamKey } from './stream-key.ts';
import type { StreamOutcome } from './stream-outcome.ts';

/**
 * Streams that earlier runs read and that the job still asks for, of rooms that are no longer in the server's list: they
 * were deleted, or the login has left them. A room that only the job leaves out now is not gone.
 *
 * @param rooms the server's whole list
 */
export function goneStreams(
  entries: readonly ExtractEntry[],
  rooms: readonly Room[],
  state: State,
): readonly PlannedStream[] {
  const gone = new Map(entries.flatMap((entry) => goneOf(entry, rooms, state)).map((stream) => [stream.key, stream]));
  return [...gone.values()];
}

/** The same for one entry. */
export function goneOf(entry: ExtractEntry, rooms: readonly Room[], state: State): readonly PlannedStream[] {
  const here = new Set(rooms.map(({ id }) => id));
  const filters = filtersOf(entry);
  const { roomTypes: readable } = endpoints[entry.endpoint];
  return Object.entries(state.lists).flatMap(([key, known]): PlannedStream[] => {
    const { roomId, roomName, roomType, formerNames, cursor } = known;
    if (here.has(roomId) || key !== streamKey(entry.endpoint, roomId, filters)) return [];
    const type = Object.values(roomTypes).find((one) => one === roomType) ?? readable[0] ?? 'private';
    const room: Room = {
      ...{ id: roomId, name: roomName, type, archived: false, parentId: null, messageCount: null },
      ...{ lastMessageAtMs: null, updatedAtMs: null, changeMark: null },
      ...(formerNames.length > 0 && { formerNames }),
    };
    if (selectRooms([room], entry.rooms, readable).selected.length === 0) return [];
    const { endpoint, pageSize = null } = entry;
    return [
      { key, endpoint, room, via: 'messages', filters, pageSize, isNew: false, revises: false, cursor, holes: [] },
    ];
  });
}

/** Why nothing could be read of a room that is gone. */
export function goneGap({ room }: PlannedStream): { readonly reason: string; readonly message: string } {
  return {
    reason: 'room-gone',
    message: `Room "${room.name}" is no longer among the rooms this login can see: it was deleted, or the login has left it`,
  };
}

/**
 * Rooms that this run is the first to miss. Later ones only note it: a job that runs every night must not fail for ever
 * because of one room that was deleted.
 */
export function newlyGone(state: State, { gone }: OpenRun): readonly StreamOutcome[] {
  return gone
    .filter(({ key }) => state.lists[key]?.gone !== true)
    .map((stream) => ({ stream, proof: noProof, cursor: stream.cursor, gap: goneGap(stream), holes: [] }));
}
