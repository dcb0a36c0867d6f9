import { endpoints } from '../endpoints/endpoints.ts';
import { RoomError } from '../errors.ts';
import { parseTimeMs } from '../model/message.ts';
import { isRecord } from '../model/json/is-record.ts';
import { isReadUpTo, readToMs } from '../model/time/period.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import type { PlannedStream } from '../plan/run-plan.ts';

/** As many as of lengths: a plan must not wait for the rate limit, and leave the run something. */
const askedOfAnEndpoint = 5;

/** Whether a walk ends, or begins, somewhere within its list. */
export function isNarrowed({ isSought, untilMs }: Pick<PlannedStream, 'isSought' | 'untilMs'>): boolean {
  return isSought || untilMs !== null;
}

/**
 * Of lists of which a period is read: which share of each that is, if its messages were sent evenly from the first to the
 * last. Of the largest rooms the first message is asked for; the others are taken for average ones.
 *
 * @throws what ends a run: AccessError, UnreachableError, StoppedError, InterruptedError
 */
export async function periodShares(
  chat: Pick<RocketChat, 'get'>,
  streams: readonly PlannedStream[],
  nowMs: number,
): Promise<ReadonlyMap<PlannedStream, number>> {
  const shares = new Map<PlannedStream, number>();
  const narrowed = streams.filter(isNarrowed);
  for (const endpoint of new Set(narrowed.map((stream) => stream.endpoint))) {
    const alike = narrowed.filter((stream) => stream.endpoint === endpoint);
    const open = alike.filter(({ cursor, untilMs }) => !isReadUpTo(cursor, untilMs));
    for (const stream of alike) if (!open.includes(stream)) shares.set(stream, 0);
    const largest = open.toSorted((a, b) => (b.room.messageCount ?? 0) - (a.room.messageCount ?? 0));
    const measured: number[] = [];
    for (const stream of largest.slice(0, askedOfAnEndpoint)) {
      const firstMs = await firstMessageMs(chat, stream);
      if (firstMs === null) continue;
      const share = shareOf(stream, firstMs, Math.max(firstMs, stream.room.lastMessageAtMs ?? nowMs) + 1);
      shares.set(stream, share);
      measured.push(share);
    }
    if (measured.length === 0) continue;
    const average = measured.reduce((sum, share) => sum + share, 0) / measured.length;
    for (const stream of open) if (!shares.has(stream)) shares.set(stream, average);
  }
  return shares;
}

/** @param endMs exclusive */
function shareOf({ cursor, untilMs }: PlannedStream, firstMs: number, endMs: number): number {
  const fromMs = Math.max(firstMs, readToMs(cursor) + 1);
  const toMs = Math.min(endMs, untilMs ?? endMs);
  return Math.max(0, toMs - fromMs) / (endMs - firstMs);
}

async function firstMessageMs(
  chat: Pick<RocketChat, 'get'>,
  { endpoint, room, filters }: PlannedStream,
): Promise<number | null> {
  const query = { roomId: room.id, ...endpoints[endpoint].filterQuery(filters), count: 1, sort: '{"ts":1}' };
  try {
    const { messages } = (await chat.get(endpoint, query)).value;
    const first: unknown = Array.isArray(messages) ? messages[0] : undefined;
    return isRecord(first) ? (parseTimeMs(first['ts']) ?? null) : null;
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    return null;
  }
}
