import { compareText } from '../../model/text/compare-text.ts';
import type { State } from '../../archive/state/state.ts';
import { RoomError, StoppedError } from '../../errors.ts';
import { roomTypesOf, tableOf } from '../../endpoints/entry-endpoints.ts';
import type { ExtractEntry } from '../../job/job.ts';
import type { RocketChat, RoomsRefusal } from '../../model/rocketchat.ts';
import type { Room } from '../../model/room.ts';
import { isGlob } from '../../rocketchat/rooms/glob.ts';
import { unlistedRooms } from './unlisted-rooms.ts';

/** What there is to read from, by the lists that a job needs. */
export interface SeenRooms {
  /** By name then id; `unjoined` ones only if an entry wants what is readable. */
  readonly rooms: readonly Room[];
  /** Public channels that are in no list because no entry wants them; null: nobody asked, or the server does not say. */
  readonly channelsLeftOut: number | null;
  /** Ids of rooms in no list that were looked up and that the login cannot read; null: none was, because no entry wants them. */
  readonly unreadable: readonly string[] | null;
  /** Ids of those of `rooms` that are in no list, and were looked up. */
  readonly lookedUp: readonly string[];
  /** Lists that the server refused, in sentences. Rooms may be missing that are there. */
  readonly refused: readonly string[];
  /** Set when the login's own lists were refused but for that of private groups: rooms of other kinds may be there. */
  readonly isOnlyGroups?: true;
}

type Lists = Pick<RocketChat, 'rooms' | 'channels' | 'countChannels' | 'discussions' | 'room'>;

/**
 * The rooms that the login has joined and, where an entry has `scope: readable`, those that it can read without: public
 * channels, and discussions of rooms that it can read. Discussions take a request per room, and one for each that is known by
 * the message that started it only.
 *
 * @param state what earlier runs read, and which discussions they met
 * @throws what `rooms` throws; a refusal of another list leaves out its rooms
 */
export async function seenRooms(
  chat: Lists,
  entries: readonly ExtractEntry[],
  state: Pick<State, 'lists' | 'leftOut' | 'run'>,
): Promise<SeenRooms> {
  const refusals: RoomsRefusal[] = [];
  const joined = await chat.rooms((refusal) => refusals.push(refusal));
  const notes = refusals.map(({ note }) => note);
  const isOnlyGroups = refusals.some((refusal) => refusal.isOnlyGroups);
  const seen = await seenBeside(chat, entries, { joined, isOnlyGroups, state });
  return { ...seen, refused: [...notes, ...seen.refused], ...(isOnlyGroups && { isOnlyGroups }) };
}

interface Joined {
  readonly joined: readonly Room[];
  readonly isOnlyGroups: boolean;
  readonly state: Pick<State, 'lists' | 'leftOut' | 'run'>;
}

async function seenBeside(
  chat: Lists,
  entries: readonly ExtractEntry[],
  { joined, isOnlyGroups, state }: Joined,
): Promise<SeenRooms> {
  if (entries.some(({ scope }) => scope === 'readable')) return readableRooms(chat, joined, state);
  const onlyJoined = { rooms: joined, unreadable: null, lookedUp: [] };
  // Who cannot list the channels that the login has joined cannot tell the others from them.
  if (isOnlyGroups || !entries.some(takesAnyChannel)) return { ...onlyJoined, channelsLeftOut: null, refused: [] };
  const count = await orRefusal('Public channels could not be counted', () => chat.countChannels());
  if (typeof count === 'string') return { ...onlyJoined, channelsLeftOut: null, refused: [count] };
  const known = joined.filter(({ type }) => type === 'channel').length;
  return { ...onlyJoined, channelsLeftOut: Math.max(0, count - known), refused: [] };
}

async function readableRooms(
  chat: Lists,
  joined: readonly Room[],
  state: Pick<State, 'lists' | 'leftOut' | 'run'>,
): Promise<SeenRooms> {
  const channels = await orRefusal('Public channels could not be listed', () => chat.channels());
  const found = new Map(joined.map((room) => [room.id, room]));
  const add = (rooms: readonly Room[]): void => {
    for (const room of rooms) if (!found.has(room.id)) found.set(room.id, { ...room, unjoined: true });
  };
  if (typeof channels !== 'string') add(channels);
  // No discussion has discussions of its own. Source: apps/meteor/app/discussion/server/methods/createDiscussion.ts
  const parents = [...found.values()].filter(
    ({ type, parentId, withheld, archived }) =>
      (type === 'private' || type === 'channel' || type === 'direct') &&
      parentId === null &&
      withheld === undefined &&
      !archived,
  );
  const discussions = await Promise.all(
    parents.map(({ id, name }) =>
      orRefusal(`Discussions of room "${name}" could not be listed`, () => chat.discussions(id)),
    ),
  );
  for (const list of discussions) if (typeof list !== 'string') add(list);
  const unlisted = await unlistedRooms(chat, state, (id) => found.has(id));
  add(unlisted.rooms);
  return {
    rooms: [...found.values()].sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id)),
    // All of them are in the list: an entry takes them or they are left out by name.
    channelsLeftOut: typeof channels === 'string' ? null : 0,
    unreadable: unlisted.unreadable,
    lookedUp: unlisted.rooms.map(({ id }) => id),
    refused: [...[channels, ...discussions].filter((one) => typeof one === 'string'), ...unlisted.refused],
  };
}

/** Whether an entry takes whole channels by what they are called, and not one by one. */
function takesAnyChannel(entry: ExtractEntry): boolean {
  const isOpen = (pattern: string): boolean => pattern.startsWith('!') || isGlob(pattern);
  return tableOf(entry) === 'messages' && roomTypesOf(entry).includes('channel') && entry.rooms.some(isOpen);
}

async function orRefusal<T>(what: string, ask: () => Promise<T>): Promise<T | string> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RoomError) return `${what} (${error.reason}): ${error.message}`;
    // A list that keeps failing is no reason to read nothing. If the server does, the next request says so.
    if (error instanceof StoppedError) return `${what}: ${error.message}`;
    throw error;
  }
}
