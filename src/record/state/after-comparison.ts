import type { ChangesState } from '../../archive/state/state.ts';
import { isDeletionKey } from '../../model/changes.ts';
import type { ChangesOutcome } from '../../plan/stream-outcome.ts';

/**
 * What was delivered may come again after a comparison, except for deletions: what was deleted and is there all the same has
 * got its row back by then.
 */
export function knownBefore(
  known: ChangesState | undefined,
  outcome: ChangesOutcome | undefined,
): Readonly<Record<string, readonly string[]>> {
  const delivered = known?.known ?? {};
  if (outcome === undefined) return delivered;
  const { compared, isBehind } = outcome.changes;
  if (compared === null || isBehind) return outcome.changes.known;
  return Object.fromEntries(Object.entries(delivered).map(([table, keys]) => [table, keys.filter(isDeletionKey)]));
}

/**
 * A comparison that came to no end, or to none yet because the room is read via history: nothing else would show once more
 * that it is due. A wrong length of the list does.
 *
 * @param readAnew what came of it where the room was read anew, and is compared by the same run; null: it was not
 * @param isPartlyHidden whether this run read the room by its history, which lacks what the workspace hides
 */
export function stillToCompare(
  known: ChangesState | undefined,
  outcome: ChangesOutcome | undefined,
  readAnew: 'compared' | 'uncompared' | null,
  isPartlyHidden = false,
): ChangesState['compare'] {
  const hidden = isPartlyHidden ? 'hidden-types' : undefined;
  const compared = outcome?.changes.compared ?? null;
  const due = compared === null || compared === 'miscounted' ? known?.compare : compared;
  if (readAnew === 'uncompared') return due ?? 'reset';
  if (readAnew === 'compared' && (due === 'reset' || due === 'hidden-types')) return hidden;
  const isCompared = outcome?.gap === null && outcome.refusal !== null;
  return (due === compared && isCompared ? undefined : due) ?? hidden;
}
