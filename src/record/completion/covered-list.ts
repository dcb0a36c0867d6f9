import { isReset } from '../../archive/state/state-change.ts';
import type { ListState, State } from '../../archive/state/state.ts';
import { endpointNamed } from '../../endpoints/endpoints.ts';
import { isBadMessage } from '../../journal/hole-place.ts';
import { readToMs } from '../../model/time/period.ts';
import { knownList } from '../../plan/streams/known-list.ts';
import { sameListKeys } from '../../plan/stream-key.ts';

/**
 * Whether all that a list holds by filters is in the room's list without any, which was read as far: from the beginning, to
 * its end, without a gap. What the archive lacks of such a room that list names by itself.
 */
export function isCovered(state: Pick<State, 'lists'>, key: string, list: ListState): boolean {
  const name = endpointNamed(list.endpoint)?.name;
  if (name === undefined || sameListKeys(name, list.roomId, {}).includes(key)) return false;
  const whole = knownList(state, { endpoint: name, room: { id: list.roomId }, filters: {} });
  if (whole === undefined || isReset(whole) || !whole.complete) return false;
  const { sinceMs, untilMs, earlier = [], holes } = whole;
  const isOfAllTime = sinceMs === undefined && untilMs === undefined && earlier.length === 0;
  return isOfAllTime && holes.every(isBadMessage) && readToMs(whole.cursor) >= readToMs(list.cursor);
}
