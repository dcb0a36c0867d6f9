import { isBadMessage } from '../journal/hole-place.ts';
import type { RunOutcomes } from '../plan/stream-outcome.ts';

/**
 * Journals that stay in the archive even if the job keeps none, by name: they hold messages that make no row, and
 * nothing else would hold those.
 */
export function journalsToKeep({ streams, changes }: RunOutcomes): readonly string[] {
  return [
    ...streams.flatMap(({ stream, holes }) => (holes.some(isBadMessage) ? [stream.journal] : [])),
    ...changes.flatMap(({ changes: { journal }, holes }) => (holes.some(isBadMessage) ? [journal] : [])),
  ];
}
