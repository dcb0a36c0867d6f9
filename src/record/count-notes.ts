import { countedRows } from '../endpoints/counted-rows.ts';
import type { StreamOutcome } from '../plan/stream-outcome.ts';

/** The room list's counter misses some messages and keeps some that are gone; it is not off by so much, and more. */
const counterShare = 0.9;
const counterSlack = 10;

/**
 * Compares what a first reading of a list brought with what the server counts. The walk proves that it skipped nothing
 * that the list showed; this tells of what the list did not show.
 */
export function countNotes(streams: readonly StreamOutcome[]): readonly string[] {
  return streams.flatMap(({ stream, proof, gap, holes }) => {
    if (gap !== null || stream.cursor.watermark !== null) return [];
    const read = proof.messages + proof.versions + holes.reduce((sum, { rows }) => sum + rows, 0);
    const total = proof.totalAtLastPage ?? 0;
    const counted = countedRows(stream) ?? 0;
    const what = `Room "${stream.room.name}" (${stream.endpoint}): ${read} messages were read`;
    if (read < total) return [`${what}, and the list counted ${total} beside its last page.`];
    if (read < counted * counterShare - counterSlack) {
      return [
        `${what}, and the room list counts ${counted}: its counter is off, or the server does not show the others.`,
      ];
    }
    return [];
  });
}
