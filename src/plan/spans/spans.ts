import type { ListState } from '../../archive/state/state.ts';
import { isNewer, type ListRow } from '../../model/list/list-order.ts';
import { isReadUpTo, isInPeriod, readToMs, type Period } from '../../model/time/period.ts';
import type { Span } from '../../model/stream.ts';

/** What runs have taken of a list, and what a job asks for. */
export interface SpannedList {
  readonly spans: readonly Span[];
  readonly period: Period;
}

type KnownList = Pick<ListState, 'cursor' | 'sinceMs' | 'earlier'>;

/** What runs have taken of a list, oldest first: spans that share no message. Of a list that is read anew nothing counts. */
export function spansOf(known: KnownList | undefined): readonly Span[] {
  return known === undefined
    ? []
    : [...(known.earlier ?? []), { sinceMs: known.sinceMs ?? null, cursor: known.cursor }];
}

/** Ids of messages that were taken though they lie behind the watermark of their span: another span may begin there. */
export function deliveredIn(spans: readonly Span[]): readonly string[] {
  return [...new Set(spans.flatMap(({ cursor }) => cursor.deliveredIds))];
}

/** Whether a message has been taken, for it lies in a span. */
export function takenBy(spans: readonly Span[]): (row: ListRow) => boolean {
  const delivered = new Set(deliveredIn(spans));
  return (row) =>
    delivered.has(row.id) ||
    spans.some(({ sinceMs, cursor }) => isInPeriod(row, { sinceMs, untilMs: null }) && !isNewer(row, cursor.watermark));
}

/** Whether a list has a message, or is to have it: it was taken, or the job's period holds it. */
export function heldBy({ spans, period }: SpannedList): (row: ListRow) => boolean {
  const isTaken = takenBy(spans);
  return (row) => isInPeriod(row, period) || isTaken(row);
}

/** Whether runs may have taken messages outside the period that the job has now. */
export function holdsOutside({ spans, period }: SpannedList): boolean {
  const { sinceMs: fromMs, untilMs } = period;
  return spans
    .filter((span) => !isEmpty(span))
    .some(({ sinceMs, cursor }) => {
      const isBefore = fromMs !== null && (sinceMs === null || sinceMs < fromMs);
      return isBefore || (untilMs !== null && readToMs(cursor) >= untilMs);
    });
}

/**
 * Spans as they are kept, oldest first: those that nothing lies between become one, and those that hold nothing are left out.
 */
export function joinSpans(spans: readonly Span[]): readonly Span[] {
  const held = spans.filter((span) => !isEmpty(span));
  const joined: Span[] = [];
  for (const span of held.toSorted((a, b) => startMs(a) - startMs(b))) {
    const before = joined.at(-1);
    if (before === undefined || !isReadUpTo(before.cursor, span.sinceMs)) {
      joined.push(span);
      continue;
    }
    joined[joined.length - 1] = { sinceMs: before.sinceMs, cursor: further(before.cursor, span.cursor) };
  }
  return joined;
}

function further(a: Span['cursor'], b: Span['cursor']): Span['cursor'] {
  const [near, far] = readToMs(a) > readToMs(b) ? [b, a] : [a, b];
  // What the near one names may lie behind the far one's watermark, too.
  return { ...far, deliveredIds: [...new Set([...far.deliveredIds, ...near.deliveredIds])] };
}

function startMs({ sinceMs }: Span): number {
  return sinceMs ?? Number.NEGATIVE_INFINITY;
}

/** A walk that got nowhere stands right before its beginning. */
function isEmpty({ sinceMs, cursor }: Span): boolean {
  const isNowhere = sinceMs === null ? cursor.watermark === null : readToMs(cursor) < sinceMs;
  return isNowhere && cursor.deliveredIds.length === 0;
}
