import { roomTypesOf } from '../../endpoints/entry-endpoints.ts';
import type { ExtractEntry } from '../../job/job.ts';
import type { Room } from '../../model/room.ts';
import { selectRooms, type RoomSelection } from '../../rocketchat/rooms/select-rooms.ts';

/** What an entry of a job selects among rooms; those that the login has not joined only with `scope: readable`. */
export function entryRooms(entry: ExtractEntry, rooms: readonly Room[]): RoomSelection {
  return selectRooms(roomsInScope(entry, rooms), entry.rooms, roomTypesOf(entry));
}

export function roomsInScope({ scope }: Pick<ExtractEntry, 'scope'>, rooms: readonly Room[]): readonly Room[] {
  return scope === 'readable' ? rooms : rooms.filter(({ unjoined }) => unjoined !== true);
}
