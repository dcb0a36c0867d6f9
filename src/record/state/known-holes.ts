import { ownValue } from '../../model/json/own-value.ts';
import type { State } from '../../archive/state/state.ts';
import { holePlace, isBadMessage } from '../../journal/hole-place.ts';
import type { ChangesOutcome, RunOutcomes } from '../../plan/stream-outcome.ts';

/**
 * What came of a run, less what it met again where rooms were read once more: places that their own lists have reported
 * in this run, and messages that make no row and were reported by an earlier one.
 */
export function withoutKnownHoles({ streams, changes, ...others }: RunOutcomes, state: State): RunOutcomes {
  const withNewHoles = (outcome: ChangesOutcome): ChangesOutcome => {
    if (outcome.refusal === null || outcome.holes.length === 0) return outcome;
    const { id } = outcome.changes.room;
    const ownLists = streams.filter(({ stream }) => stream.room.id === id);
    const earlier = Object.values(state.lists).filter(({ roomId }) => roomId === id);
    const unread = ownValue(state.changes, id)?.unread ?? [];
    const known = new Set([
      ...[...ownLists.flatMap(({ holes }) => holes), ...earlier.flatMap(({ holes }) => holes.filter(isBadMessage))].map(
        holePlace,
      ),
      ...unread.map((edit) => holePlace({ id: edit.id, after: null, before: null })),
    ]);
    return { ...outcome, holes: outcome.holes.filter((hole) => !known.has(holePlace(hole))) };
  };
  return { ...others, streams, changes: changes.map(withNewHoles) };
}
