import { RoomError } from '../errors.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import type { PlannedStream } from '../plan/run-plan.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import { gapHint } from '../record/gap-hints.ts';

/** What one request showed of a stream. */
export type StreamCheck =
  /** `total` is the length of the whole list; null where the server does not say. */
  | { readonly kind: 'readable'; readonly stream: PlannedStream; readonly total: number | null }
  | {
      readonly kind: 'refused';
      readonly stream: PlannedStream;
      readonly reason: string;
      readonly message: string;
      readonly hint: string;
    }
  /** Not asked: enough of this endpoint were. */
  | { readonly kind: 'skipped'; readonly stream: PlannedStream };

/**
 * Asks for one message of each stream, which needs the same permission as reading them all.
 *
 * @param mostOfAnEndpoint servers allow each endpoint some 10 calls a minute, so a check of every room may take long
 * @returns one answer a stream, in their order
 * @throws what ends a run: AccessError, UnreachableError, StoppedError, InterruptedError
 */
export async function checkRooms(
  chat: Pick<RocketChat, 'get'>,
  streams: readonly PlannedStream[],
  mostOfAnEndpoint: number,
): Promise<readonly StreamCheck[]> {
  const asked = new Map<string, number>();
  return Promise.all(
    streams.map((stream): Promise<StreamCheck> => {
      const endpoint = endpoints[stream.endpoint].requested(stream.via);
      const number = (asked.get(endpoint) ?? 0) + 1;
      asked.set(endpoint, number);
      return number > mostOfAnEndpoint
        ? Promise.resolve({ kind: 'skipped', stream })
        : checkRoom(chat, endpoint, stream);
    }),
  );
}

async function checkRoom(chat: Pick<RocketChat, 'get'>, endpoint: string, stream: PlannedStream): Promise<StreamCheck> {
  try {
    const { value } = await chat.get(endpoint, { roomId: stream.room.id, count: 1 });
    return { kind: 'readable', stream, total: typeof value['total'] === 'number' ? value['total'] : null };
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    const { reason, message, hint } = error;
    return { kind: 'refused', stream, reason, message, hint: hint ?? gapHint(reason) };
  }
}
