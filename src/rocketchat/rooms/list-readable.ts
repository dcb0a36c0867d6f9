import { RoomError } from '../../errors.ts';
import type { RocketChat } from '../../model/rocketchat.ts';
import type { Room } from '../../model/room.ts';
import { listPages, type Get } from './list-pages.ts';
import { roomRows } from './list-rows.ts';
import { parseRooms } from './parse-rooms.ts';

/**
 * Public channels, archived ones, too; those that the login has joined where it lacks view-c-room.
 * Source: apps/meteor/app/api/server/v1/channels.ts (channels.list)
 */
export async function listChannels(get: Get, user: RocketChat['user']): Promise<readonly Room[]> {
  return parseRooms([], await listPages(get, 'channels.list', {}, 'channels'), user);
}

/** The length of the same list, from one row of it. */
export async function countChannels(get: Get): Promise<number> {
  const { total } = (await get('channels.list', { count: 1 })).value;
  if (typeof total === 'number' && Number.isSafeInteger(total) && total >= 0) return total;
  throw new RoomError('wire', 'Cannot count the public channels: "total" of channels.list should be a whole number');
}

/**
 * A room that may be in no list; undefined: it is of a kind unknown here.
 * Source: server/api/v1/rooms.ts (rooms.info, which refuses rooms that the login cannot access)
 */
export async function lookUpRoom(get: Get, user: RocketChat['user'], roomId: string): Promise<Room | undefined> {
  const { room } = (await get('rooms.info', { roomId })).value;
  return parseRooms([], roomRows([room]), user).find(({ id }) => id === roomId);
}

/**
 * Whoever can read a room can read its discussions. An archived room is refused.
 * Source: apps/meteor/app/api/server/v1/rooms.ts (rooms.getDiscussions), server/services/authorization/canAccessRoom.ts
 */
export async function listDiscussions(get: Get, user: RocketChat['user'], roomId: string): Promise<readonly Room[]> {
  return parseRooms([], await listPages(get, 'rooms.getDiscussions', { roomId }, 'discussions'), user);
}
