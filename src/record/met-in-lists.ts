import { isBadMessage } from '../journal/hole-place.ts';
import { unreadableKey } from '../model/changes.ts';
import type { Hole } from '../model/stream.ts';
import type { ChangesOutcome, StreamOutcome } from '../plan/stream-outcome.ts';

/**
 * Keys, as changes have them, of the messages without a row that the lists of a room met: the server reports each as changed,
 * too, in the same run or in the next one, which asks for the half hour before this one again.
 */
export function metInLists(lists: readonly Pick<StreamOutcome, 'holes'>[]): Set<string> {
  const holes = lists.flatMap(({ holes: met }) => met);
  return new Set(holes.filter(isBadMessage).flatMap(keyOf));
}

/** The outcome of a room's changes without what its lists report already. */
export function withoutMet(outcome: ChangesOutcome, streams: readonly StreamOutcome[]): ChangesOutcome {
  if (outcome.holes.length === 0 || outcome.refusal !== null) return outcome;
  const met = metInLists(streams.filter(({ stream }) => stream.room.id === outcome.changes.room.id));
  return { ...outcome, holes: outcome.holes.filter((hole) => !met.has(changedKey(hole))) };
}

/** Of a hole among changes, whose place is a time. */
export function changedKey({ id, after }: Hole): string {
  return unreadableKey({ id: id ?? '', atMs: after?.tsMs ?? 0 });
}

function keyOf({ id, changedMs }: Hole): readonly string[] {
  return changedMs === undefined ? [] : [unreadableKey({ id: id ?? '', atMs: changedMs })];
}
