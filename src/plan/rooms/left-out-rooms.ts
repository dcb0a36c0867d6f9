import { tableOf } from '../../endpoints/entry-endpoints.ts';
import type { ExtractEntry } from '../../job/job.ts';
import type { LeftOutReason } from '../../archive/state/left-out.ts';
import { roomTypes, type Room } from '../../model/room.ts';
import { selectRooms } from '../../rocketchat/rooms/select-rooms.ts';
import { entryRooms } from './entry-rooms.ts';

export interface LeftOutRoom extends Pick<Room, 'id' | 'name' | 'type'> {
  readonly reason: LeftOutReason;
}

const everyType = Object.values(roomTypes);

/**
 * The rooms of the server's list that a job does not read, and why.
 *
 * @param rooms the server's whole list, with what `withFormerNames` knows
 */
export function leftOutRooms(entries: readonly ExtractEntry[], rooms: readonly Room[]): readonly LeftOutRoom[] {
  // What mentions the login is a part of a room: it counts where no entry reads whole rooms.
  const whole = entries.filter((entry) => tableOf(entry) === 'messages');
  const counted = whole.length > 0 ? whole : entries;
  const selected = idsOf(counted.flatMap((entry) => entryRooms(entry, rooms).selected));
  const named = idsOf(counted.flatMap((entry) => selectRooms(rooms, entry.rooms, everyType).selected));
  return rooms.flatMap(({ id, name, type, withheld, unjoined }): readonly LeftOutRoom[] => {
    const room = { id, name, type };
    if (selected.has(id)) return withheld === undefined ? [] : [{ ...room, reason: withheld }];
    if (!named.has(id)) return [{ ...room, reason: 'no-entry' }];
    return [{ ...room, reason: unjoined === true ? 'not-joined' : 'kind-not-asked' }];
  });
}

function idsOf(rooms: readonly Room[]): ReadonlySet<string> {
  return new Set(rooms.map(({ id }) => id));
}
