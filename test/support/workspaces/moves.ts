import { createPrng, type Prng } from '../../../src/demo/sample/prng.ts';
import type { Exchange } from '../../../src/demo/server/exchange.ts';
import { text } from '../../../src/demo/server/params.ts';
import type { ServerSettings } from '../../../src/demo/server/server-settings.ts';
import type { MovingWorkspace } from './moving-workspace.ts';

/** One change of a room while it is read, as data. Places lie between 0 (the oldest message) and 1 (the newest). */
export type Move =
  | { readonly kind: 'post' }
  | { readonly kind: 'burst'; readonly count: number }
  | { readonly kind: 'insert-late'; readonly place: number }
  | { readonly kind: 'remove'; readonly place: number }
  | { readonly kind: 'prune'; readonly count: number }
  | { readonly kind: 'edit'; readonly place: number }
  | { readonly kind: 'drift-total'; readonly by: number }
  | { readonly kind: 'cap'; readonly cap: number };

/** Makes a move in a room. A `cap` changes the settings, the others the workspace. */
export function makeMove(
  moving: MovingWorkspace,
  roomId: string,
  settings: Pick<ServerSettings, 'cap'>,
  move: Move,
): void {
  switch (move.kind) {
    case 'post':
      moving.post(roomId);
      return;
    case 'burst':
      moving.burst(roomId, move.count);
      return;
    case 'insert-late':
      moving.insertLate(roomId, lateTime(moving, roomId, move.place));
      return;
    case 'remove':
      moving.remove(roomId, move.place);
      return;
    case 'prune':
      moving.prune(roomId, move.count);
      return;
    case 'edit':
      moving.edit(roomId, move.place);
      return;
    case 'drift-total':
      moving.driftTotal(roomId, move.by);
      return;
    case 'cap':
      settings.cap = move.cap;
      return;
  }
}

/** The very millisecond of a message that is there: the worst an import can do to a page border. */
function lateTime(moving: MovingWorkspace, roomId: string, place: number): number {
  const { messages } = moving.room(roomId);
  const index = Math.min(messages.length - 1, Math.floor(place * messages.length));
  return messages[index]?.tsMs ?? 0;
}

export function randomMove(prng: Prng): Move {
  const place = prng.next();
  switch (prng.integer(0, 9)) {
    case 0:
    case 1:
    case 2:
      return { kind: 'post' };
    case 3:
    case 4:
    case 5:
      return { kind: 'remove', place };
    case 6:
      return { kind: 'edit', place };
    case 7:
      return { kind: 'insert-late', place };
    case 8:
      return { kind: 'prune', count: prng.integer(1, 6) };
    default:
      return { kind: 'burst', count: prng.integer(2, 12) };
  }
}

/**
 * A `Rules.intercept` that makes moves before requests for the room are answered. `movesOf` gets the number of such a
 * request, from 1.
 */
export function moveBefore(
  moving: MovingWorkspace,
  roomId: string,
  movesOf: (number: number) => readonly Move[],
): (exchange: Exchange) => boolean {
  let number = 0;
  return ({ params, settings }) => {
    if (text(params, 'roomId') !== roomId) return false;
    number += 1;
    for (const move of movesOf(number)) makeMove(moving, roomId, settings, move);
    return false;
  };
}

/** Up to `most` random moves each time; the same seed gives the same moves. */
export function randomMoves(seed: number, most: number): () => readonly Move[] {
  const prng = createPrng(seed);
  return () => Array.from({ length: prng.integer(0, most) }, () => randomMove(prng));
}
