import { basename } from 'node:path';
import { isBadMessage } from '../journal/hole-place.ts';
import { journalPath } from '../plan/open-run.ts';
import type { StreamOutcome } from '../plan/stream-outcome.ts';

/**
 * Journals that stay in the archive even if the job keeps none, by name: they hold messages that make no row, and
 * nothing else would hold those. false: there are none.
 */
export function journalsToKeep(archive: string, streams: readonly StreamOutcome[]): readonly string[] | false {
  const kept = streams.flatMap(({ stream, holes }, index) =>
    holes.some(isBadMessage) ? [basename(journalPath(archive, index, stream))] : [],
  );
  return kept.length > 0 && kept;
}
