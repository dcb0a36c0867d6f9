import { RoomError } from '../../errors.ts';
import { listPages, rowsOf, type Get } from './list-pages.ts';
import { parseRooms } from './parse-rooms.ts';
import type { RocketChat } from '../../model/rocketchat.ts';
import type { Room } from '../../model/room.ts';

/**
 * Every room this login can see, sorted by name then id. Two requests, at endpoints of their own: subscriptions.get knows
 * every room joined, rooms.get adds the members of direct rooms, counters and dates. Either alone will do; where a server
 * refuses both, groups.list (paged) lists the private groups.
 *
 * @throws what `get` throws, when no list can be had
 */
export async function listRooms(get: Get, user: RocketChat['user']): Promise<readonly Room[]> {
  const [subscriptions, rooms] = await Promise.all([
    orRefusal(async () => rowsOf(await get('subscriptions.get', {}), 'update')),
    orRefusal(async () => rowsOf(await get('rooms.get', {}), 'update')),
  ]);
  if (subscriptions instanceof RoomError && rooms instanceof RoomError) {
    return parseRooms([], await listPages(get, 'groups.list', {}, 'groups'), user);
  }
  return parseRooms(
    subscriptions instanceof RoomError ? [] : subscriptions,
    rooms instanceof RoomError ? [] : rooms,
    user,
  );
}

async function orRefusal<T>(work: () => Promise<T>): Promise<T | RoomError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RoomError) return error;
    throw error;
  }
}
