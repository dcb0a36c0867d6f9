import { RoomError } from '../../errors.ts';
import { parseRooms } from './parse-rooms.ts';
import type { Answer, Query, RocketChat } from '../../model/rocketchat.ts';
import type { Room } from '../../model/room.ts';

type Get = (endpoint: string, query: Query) => Promise<Answer>;

/** The default upper limit of a page; the server cuts it where it allows less. */
const pageSize = 100;

/**
 * Every room this login can see, sorted by name then id. Two requests, at endpoints of their own: subscriptions.get knows
 * every room joined, rooms.get adds the members of direct rooms, counters and dates. Either alone will do; where a server
 * refuses both, groups.list (paged) lists the private groups.
 *
 * @throws what `get` throws, when no list can be had
 */
export async function listRooms(get: Get, user: RocketChat['user']): Promise<readonly Room[]> {
  const [subscriptions, rooms] = await Promise.all([
    orRefusal(async () => rows(await get('subscriptions.get', {}), 'update')),
    orRefusal(async () => rows(await get('rooms.get', {}), 'update')),
  ]);
  if (subscriptions instanceof RoomError && rooms instanceof RoomError) {
    return parseRooms([], await listGroups(get), user);
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

async function listGroups(get: Get): Promise<readonly unknown[]> {
  const groups: unknown[] = [];
  for (;;) {
    const answer = await get('groups.list', { offset: groups.length, count: pageSize });
    const page = rows(answer, 'groups');
    groups.push(...page);
    const { total } = answer.value;
    // More than it counts is no end: an empty page is.
    if (page.length === 0 || groups.length === total) return groups;
  }
}

function rows({ value }: Answer, key: string): readonly unknown[] {
  const list = value[key];
  if (Array.isArray(list)) return list;
  throw new RoomError('wire', `Cannot read the list of rooms: "${key}" should be an array`);
}
