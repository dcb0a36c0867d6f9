import type { HiddenTypes } from '../archive/manifest/coverage.ts';
import { RoomError, StoppedError } from '../errors.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import type { Room } from '../model/room.ts';
import type { Via } from '../model/stream.ts';

/** Asks the server for the setting of the workspace, if any list is read by time whose room has none of its own. */
export async function hiddenTypesOf(
  streams: readonly { readonly via: Via; readonly room: Room }[],
  chat: Pick<RocketChat, 'hiddenTypes'>,
): Promise<HiddenTypes> {
  const rooms = streams.filter(({ via }) => via === 'history').map(({ room }) => room);
  const ofWorkspace = rooms.some((room) => room.hiddenTypes === undefined)
    ? await orNull(() => chat.hiddenTypes())
    : [];
  const types = rooms.map((room) => room.hiddenTypes ?? ofWorkspace);
  const known = types.filter((list) => list !== null);
  return {
    lists: rooms.length,
    types: known.length < types.length ? null : [...new Set(known.flat())].sort(),
  };
}

/** What hides is said beside what is read: no reason to read nothing. */
async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RoomError || error instanceof StoppedError) return null;
    throw error;
  }
}
