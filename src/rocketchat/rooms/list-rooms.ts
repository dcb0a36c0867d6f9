import { RoomError } from '../../errors.ts';
import { listPages, rowsOf, type Get } from './list-pages.ts';
import { roomRows, subscriptionRows } from './list-rows.ts';
import { parseRooms } from './parse-rooms.ts';
import type { RocketChat, RoomsRefusal } from '../../model/rocketchat.ts';
import type { Room } from '../../model/room.ts';

/**
 * Every room this login can see, sorted by name then id. Two requests, at endpoints of their own: subscriptions.get knows
 * every room joined, rooms.get adds the members of direct rooms, counters and dates. Either alone will do; where a server
 * refuses both, groups.list (paged) lists the private groups.
 *
 * @param onRefusal called when one of the two is refused, or once when both are
 * @throws what `get` throws, when no list can be had
 */
export async function listRooms(
  get: Get,
  user: RocketChat['user'],
  onRefusal: (refusal: RoomsRefusal) => void = () => undefined,
): Promise<readonly Room[]> {
  const [subscriptions, rooms] = await Promise.all([
    orRefusal(async () => subscriptionRows(rowsOf(await get('subscriptions.get', {}), 'update'))),
    orRefusal(async () => roomRows(rowsOf(await get('rooms.get', {}), 'update'))),
  ]);
  if (subscriptions instanceof RoomError && rooms instanceof RoomError) {
    const note = `Rooms could not be listed (${rooms.reason}): ${rooms.message}. Only private groups are known: channels, direct and livechat rooms are not read.`;
    onRefusal({ note, isOnlyGroups: true });
    return parseRooms([], await listPages(get, 'groups.list', {}, 'groups'), user);
  }
  if (subscriptions instanceof RoomError) {
    const note = `Subscriptions could not be listed (${subscriptions.reason}): ${subscriptions.message}. Rooms that the login was invited to or banned from are not told from others.`;
    onRefusal({ note, isOnlyGroups: false });
  }
  if (rooms instanceof RoomError) {
    const note = `Details of rooms could not be listed (${rooms.reason}): ${rooms.message}. Every room is read, and the columns of "rooms" that show them are null.`;
    onRefusal({ note, isOnlyGroups: false });
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
