import { basename } from 'node:path';
import { isBadMessage } from '../journal/hole-place.ts';
import type { RunOutcomes } from '../plan/stream-outcome.ts';
import { changesPath, journalPath } from '../plan/open-run.ts';
import type { OpenRun } from '../plan/run-plan.ts';

/**
 * Journals that stay in the archive even if the job keeps none, by name: they hold messages that make no row, and
 * nothing else would hold those. false: there are none.
 */
export function journalsToKeep(
  archive: string,
  openRun: OpenRun,
  { streams, changes }: RunOutcomes,
): readonly string[] | false {
  const kept = [
    ...streams.flatMap(({ stream, holes }, index) =>
      holes.some(isBadMessage) ? [basename(journalPath(archive, index, stream))] : [],
    ),
    ...changes.flatMap(({ holes }, index) =>
      holes.some(isBadMessage) ? [basename(changesPath(archive, openRun, index))] : [],
    ),
  ];
  return kept.length > 0 && kept;
}
