import { mostHoles, type KnownHole } from '../../archive/state/state.ts';
import { distinctHoles, holePlace, isBadMessage } from '../../journal/hole-place.ts';
import type { PlannedStream } from '../../plan/run-plan.ts';
import type { StreamOutcome } from '../../plan/stream-outcome.ts';

/** How many places that could not be read are too many for the state, which keeps the newest of them. */
export function forgottenHoles(outcome: MetHoles, run: number): number {
  return Math.max(0, holesAfter(outcome, run).length - mostHoles);
}

type MetHoles = Pick<StreamOutcome<PlannedStream>, 'stream' | 'holes' | 'gap'>;

/**
 * What is still to be read: of earlier holes those that this run has met again, and those that it did not come to; messages
 * that make no row stay known for good.
 */
export function holesAfter(
  { stream: { holes: earlier }, holes: met, gap }: MetHoles,
  run: number,
): readonly KnownHole[] {
  const firstRuns = new Map(earlier.map((hole) => [holePlace(hole), hole.firstRun]));
  const kept = earlier.filter((hole) => gap !== null || isBadMessage(hole));
  const now = met.map((hole) => ({ ...hole, firstRun: firstRuns.get(holePlace(hole)) ?? run }));
  return distinctHoles([...kept, ...now]);
}
