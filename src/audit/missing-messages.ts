import { roomEndpointFor } from '../endpoints/endpoints.ts';
import { isInHole } from '../journal/hole-place.ts';
import { parseDateMs, type Message } from '../model/message.ts';
import { isNewer } from '../model/list/list-order.ts';
import type { Room } from '../model/room.ts';
import { isInPeriod } from '../model/time/period.ts';
import { sameListKeys } from '../plan/stream-key.ts';
import { spansOf, takenBy } from '../plan/spans/spans.ts';
import type { ListState, State } from '../archive/state/state.ts';

/**
 * How much later than its `ts` a message may become readable, by clocks that differ and writes that overtake each other: what
 * came so close to the end of the last walk may have come behind it, and is the next run's.
 */
const settledMs = 60_000;

/**
 * Which messages that stand in a room were there for certain when runs read past them: before the watermark, outside holes,
 * and with no change since. A message that was imported later with an old date has a later `_updatedAt`.
 */
export function readBefore(room: Room, state: Pick<State, 'lists'>): (message: Message) => boolean {
  const lists = listsOf(room, state);
  return (message) => {
    const updatedAtMs = parseDateMs(message.raw['_updatedAt']);
    if (message.hidden || updatedAtMs === undefined) return false;
    return lists.some((list) => {
      const { watermark } = list.cursor;
      if (watermark === null || isNewer(message, watermark)) return false;
      const isSettled = Math.max(updatedAtMs, message.tsMs) <= watermark.tsMs - settledMs;
      const isUnread = list.holes.some((hole) => isInHole(hole, message.id, message.tsMs));
      return isSettled && !isUnread && takenBy(spansOf(list))(message);
    });
  };
}

/** Which messages that stand in a room no run reads, for its job begins behind them, or ends before them. */
export function outsidePeriod(room: Room, state: Pick<State, 'lists'>): (message: Message) => boolean {
  const lists = listsOf(room, state);
  const periods = lists.map((list) => {
    const sinceMs = spansOf(list)[0]?.sinceMs ?? null;
    return { sinceMs, untilMs: list.untilMs ?? null };
  });
  return (message) => periods.length > 0 && periods.every((period) => !isInPeriod(message, period));
}

function listsOf(room: Room, state: Pick<State, 'lists'>): readonly ListState[] {
  const endpoint = roomEndpointFor(room);
  const keys = endpoint === undefined ? [] : sameListKeys(endpoint.name, room.id, {});
  return keys.flatMap((key) => state.lists[key] ?? []);
}
