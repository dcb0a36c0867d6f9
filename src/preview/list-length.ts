import { RoomError } from '../errors.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import { isRowCount } from '../extract/message-page.ts';
import { greedyPageSize } from '../extract/walk/walk.ts';
import type { RocketChat } from '../model/rocketchat.ts';
import type { PlannedStream } from '../plan/run-plan.ts';

/** How long the list of a stream is, and who says so. */
export type ListLength =
  /** The room list's counter: near, not exact. */
  | { readonly kind: 'counted'; readonly rows: number }
  /** The list itself. */
  | { readonly kind: 'reported'; readonly rows: number }
  /** Other lists of the endpoint. */
  | { readonly kind: 'extrapolated'; readonly rows: number }
  /** The server does not let this login read it. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'unknown' };

/** A fraction of the usual limit of 10 calls a minute: a plan must not wait, and leave the run something. */
const askedOfAnEndpoint = 5;

/** What the room list shows: a counter of the room's messages, which says nothing about a list of some of them. */
export function countedLength(stream: PlannedStream): ListLength {
  const rows = endpoints[stream.endpoint].countedRows(stream);
  return rows === null ? { kind: 'unknown' } : { kind: 'counted', rows };
}

/**
 * The lengths of lists that the room list does not show: those of the largest rooms by a page of one row each, the
 * others by their share of those. History has no totals: there a room without a counter is taken for an average one.
 *
 * @throws what ends a run: AccessError, UnreachableError, StoppedError, InterruptedError
 */
export async function measureLists(
  chat: Pick<RocketChat, 'get'>,
  streams: readonly PlannedStream[],
): Promise<ReadonlyMap<PlannedStream, ListLength>> {
  const lengths = new Map(streams.map((stream) => [stream, countedLength(stream)]));
  const unknown = streams.filter((stream) => lengths.get(stream)?.kind === 'unknown');
  const names = [...new Set(unknown.map(({ endpoint }) => endpoint))];
  const asked = names.flatMap((name) =>
    unknown
      .filter(({ endpoint, via }) => endpoint === name && via === 'messages')
      .toSorted(byMessages)
      .slice(0, askedOfAnEndpoint),
  );
  await Promise.all(asked.map(async (stream) => lengths.set(stream, (await askForRows(chat, stream, 1)).length)));
  for (const stream of unknown) {
    if (lengths.get(stream)?.kind !== 'unknown') continue;
    const alike = streams.filter(({ endpoint, via }) => endpoint === stream.endpoint && via === stream.via);
    lengths.set(stream, { kind: 'extrapolated', rows: extrapolate(stream, alike, lengths) });
  }
  return lengths;
}

/**
 * The most rows the server gives in one page, learned from the longest list: undefined when no list is long enough to
 * tell, or none can be read.
 */
export async function learnPageCap(
  chat: Pick<RocketChat, 'get'>,
  streams: readonly PlannedStream[],
): Promise<number | undefined> {
  const [longest] = streams.filter(({ via }) => via === 'messages').toSorted(byMessages);
  if (longest === undefined) return undefined;
  const { length, rows } = await askForRows(chat, longest, greedyPageSize);
  return length.kind === 'reported' && rows < length.rows ? rows : undefined;
}

async function askForRows(
  chat: Pick<RocketChat, 'get'>,
  { endpoint, room, filters }: PlannedStream,
  count: number,
): Promise<{ readonly length: ListLength; readonly rows: number }> {
  const query = { roomId: room.id, ...endpoints[endpoint].filterQuery(filters), count };
  try {
    const { total, messages } = (await chat.get(endpoint, query)).value;
    const rows = Array.isArray(messages) ? messages.length : 0;
    return { length: isRowCount(total) ? { kind: 'reported', rows: total } : { kind: 'refused' }, rows };
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    return { length: { kind: 'refused' }, rows: 0 };
  }
}

/** Rows of lists like this one, by the counters of their rooms or, without, on average. */
function extrapolate(
  { room: { messageCount } }: PlannedStream,
  alike: readonly PlannedStream[],
  lengths: ReadonlyMap<PlannedStream, ListLength>,
): number {
  const known = alike.flatMap((stream) => {
    const length = lengths.get(stream);
    const isKnown = length?.kind === 'reported' || length?.kind === 'counted';
    return isKnown ? [{ rows: length.rows, counter: stream.room.messageCount }] : [];
  });
  const counted = known.filter(({ counter }) => counter !== null && counter > 0);
  const counters = counted.reduce((sum, { counter }) => sum + (counter ?? 0), 0);
  if (messageCount !== null && counters > 0) {
    return Math.round((messageCount * counted.reduce((sum, { rows }) => sum + rows, 0)) / counters);
  }
  return known.length === 0 ? 0 : Math.round(known.reduce((sum, { rows }) => sum + rows, 0) / known.length);
}

/** The largest room first: it weighs most. */
function byMessages(a: PlannedStream, b: PlannedStream): number {
  return (b.room.messageCount ?? 0) - (a.room.messageCount ?? 0);
}
