import { compareText } from '../../model/text/compare-text.ts';
import type { LeftOutState, State } from '../../archive/state/state.ts';
import { RoomError, StoppedError } from '../../errors.ts';
import type { RocketChat } from '../../model/rocketchat.ts';
import type { Room } from '../../model/room.ts';

/** Discussions that one run looks up and that none has read: five minutes at the rate limit of a new installation. */
const mostNew = 50;

/** Reasons of the server that say no to this room, and nothing of others. */
const refusals: readonly string[] = ['not-allowed', 'room-not-found'];

interface UnlistedRooms {
  readonly rooms: readonly Room[];
  /** Ids of those that the login cannot read, or that are not there. */
  readonly unreadable: readonly string[];
  /** Which could not be looked up, in sentences. They may be readable. */
  readonly refused: readonly string[];
}

/**
 * Looks up, one by one, rooms that are in no list and that may be readable all the same: discussions that messages of the
 * archive started, in rooms whose discussions the server does not list, as those of an archived room; and rooms that the
 * login has not joined and that earlier runs read. Of the discussions that were refused each run tries some once more.
 *
 * Source: server/api/v1/rooms.ts (rooms.info takes archived rooms), server/services/authorization/canAccessRoom.ts
 */
export async function unlistedRooms(
  chat: Pick<RocketChat, 'room'>,
  { lists, leftOut = {}, run }: Pick<State, 'lists' | 'leftOut' | 'run'>,
  isListed: (id: string) => boolean,
): Promise<UnlistedRooms> {
  const read = Object.values(lists).filter(({ unjoined, gone }) => unjoined === true && !gone);
  const started = Object.entries(leftOut)
    .filter(([id, room]) => (room.roomType === 'discussion' || wasSeen(room)) && !isListed(id))
    .sort(([a], [b]) => compareText(a, b));
  const [untried, tried] = [false, true].map((isTried) =>
    started.filter(([, { reason }]) => (reason === 'refused') === isTried),
  );
  const again = tried ?? [];
  const first = again.length === 0 ? 0 : (run * mostNew) % again.length;
  const names = new Map([
    ...[...(untried ?? []), ...again.slice(first), ...again.slice(0, first)]
      .slice(0, mostNew)
      .map(([id, { roomName }]): [string, string] => [id, roomName]),
    ...read.flatMap(({ roomId, roomName }): [string, string][] => (isListed(roomId) ? [] : [[roomId, roomName]])),
  ]);
  const looked = await Promise.all([...names].map(([id, name]) => lookUp(chat, id, name)));
  return {
    rooms: looked.flatMap((one) => (one.kind === 'found' ? [one.room] : [])),
    unreadable: looked.flatMap((one) => (one.kind === 'unreadable' ? [one.id] : [])),
    refused: looked.flatMap((one) => (one.kind === 'unknown' ? [one.note] : [])),
  };
}

/** It was looked up before, or was listed then, and no entry wanted it. */
function wasSeen({ reason }: LeftOutState): boolean {
  return reason === 'no-entry' || reason === 'kind-not-asked';
}

type LookedUp =
  | { readonly kind: 'found'; readonly room: Room }
  | { readonly kind: 'unreadable'; readonly id: string }
  | { readonly kind: 'unknown'; readonly note: string };

async function lookUp(chat: Pick<RocketChat, 'room'>, id: string, name: string): Promise<LookedUp> {
  try {
    const room = await chat.room(id);
    return room === undefined ? { kind: 'unreadable', id } : { kind: 'found', room };
  } catch (error) {
    if (error instanceof RoomError && refusals.includes(error.reason)) return { kind: 'unreadable', id };
    if (!(error instanceof RoomError || error instanceof StoppedError)) throw error;
    return { kind: 'unknown', note: `Room "${name}" could not be looked up: ${error.message}` };
  }
}
