import { endpoints } from '../../endpoints/endpoints.ts';
import type { StreamOutcome } from '../../plan/stream-outcome.ts';
import type { Miscount } from '../state/counted-lists.ts';
import type { PlannedStream, Silence } from '../../plan/run-plan.ts';

/** The room list's counter misses some messages and keeps some that are gone; it is not off by so much, and more. */
const counterShare = 0.9;
const counterSlack = 10;

/**
 * Compares what a list brought, or holds when it was read on, with what the server counts. The walk proves that it skipped
 * nothing that the list showed; this reports what the list did not show. What it holds is compared with what is known of
 * it in `countLists`.
 */
export function countNotes(streams: readonly StreamOutcome<PlannedStream>[]): readonly string[] {
  return streams.flatMap(({ stream, completeness, gap, holes, total: listTotal }) => {
    if (gap !== null || stream.untilMs !== null) return [];
    if (stream.cursor.watermark !== null) return laterNote(stream, listTotal);
    const read = completeness.messages + completeness.versions + holes.reduce((sum, { rows }) => sum + rows, 0);
    const total = completeness.totalAtLastPage ?? 0;
    const counted = endpoints[stream.endpoint].countedRows(stream) ?? 0;
    const what = `Room "${stream.room.name}" (${stream.endpoint}): ${read} messages were read`;
    if (read < total) return [`${what}, and the list counted ${total} beside its last page.`];
    if (isFarBelow(read, counted)) {
      return [
        `${what}, and the room list counts ${counted}: its counter is off, or the server does not show the others.`,
      ];
    }
    return [];
  });
}

function laterNote(stream: PlannedStream, total: StreamOutcome['total']): readonly string[] {
  const counted = endpoints[stream.endpoint].countedRows(stream) ?? 0;
  if (total === null || !isFarBelow(total, counted)) return [];
  return [
    `Room "${stream.room.name}" (${stream.endpoint}): the list holds ${total} messages, and the room list counts ${counted}: its counter is off, or the server does not show the others.`,
  ];
}

function isFarBelow(messages: number, counted: number): boolean {
  return messages < counted * counterShare - counterSlack;
}

/** Lists that were not as long as all that is known of them makes. */
export function miscountNotes(miscounts: readonly Miscount[], { lookbackMs }: Silence): readonly string[] {
  return miscounts.map(({ room, endpoint, total, expected, comparedMs }) => {
    const next =
      comparedMs === null
        ? 'The next run compares it with the archive.'
        : `It was compared with the archive on ${isoDay(comparedMs)}, and is again from ${isoDay(comparedMs + lookbackMs)} on.`;
    return `Room "${room.name}" (${endpoint}): the list holds ${total} messages, but what was read and reported adds up to ${expected}: the server was restored from a backup, or something was deleted or imported without a report, or it keeps versions of edited messages that no run has read. ${next}`;
  });
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
