import { isReadUpTo, type Period } from '../../model/time/period.ts';
import { fromTheBeginning, type Span } from '../../model/stream.ts';
import { deliveredIn } from './spans.ts';

/** A walk over a part of a list: from a span that was read on, or from a place that no walk has been at. */
export interface ListWalk extends Span {
  /** Exclusive; null: to the end of the list. */
  readonly untilMs: number | null;
  /** Whether no walk has been at its watermark, so that its offset says nothing. */
  readonly isSought: boolean;
}

/**
 * The walks that read what a period holds and no span does, oldest first; with none to do, one that has come to its end.
 * A span is read on where it ends, and up to where the next one begins: so each message is taken once, however the period
 * was moved.
 *
 * @param spans oldest first
 */
export function listWalks(spans: readonly Span[], { sinceMs, untilMs }: Period): readonly ListWalk[] {
  // Of a span that ends before the period nothing is read on: what lies between is not asked for.
  const from = spans.findLast(
    (span) => begins(span, sinceMs) && (sinceMs === null || isReadUpTo(span.cursor, sinceMs)),
  );
  const above = spans.filter((span) => isLater(span, sinceMs) && isLater(span, from?.sinceMs ?? null));
  let at = from === undefined ? beginAt(sinceMs) : { ...from, isSought: false };
  const walks: ListWalk[] = [];
  for (const span of above) {
    if (untilMs !== null && !isLater({ sinceMs: untilMs }, span.sinceMs)) break;
    if (!isReadUpTo(at.cursor, span.sinceMs)) walks.push({ ...at, untilMs: span.sinceMs });
    at = { ...span, isSought: false };
  }
  if (walks.length === 0 || !isReadUpTo(at.cursor, untilMs)) walks.push({ ...at, untilMs });
  // What one span names may lie where another one is read.
  const deliveredIds = deliveredIn(spans);
  return walks.map((walk) => ({ ...walk, cursor: { ...walk.cursor, deliveredIds } }));
}

function beginAt(sinceMs: number | null): Omit<ListWalk, 'untilMs'> {
  if (sinceMs === null) return { sinceMs, cursor: fromTheBeginning, isSought: false };
  return { sinceMs, cursor: { ...fromTheBeginning, watermark: { tsMs: sinceMs - 1, id: null } }, isSought: true };
}

function begins(span: Pick<Span, 'sinceMs'>, sinceMs: number | null): boolean {
  return span.sinceMs === null || (sinceMs !== null && span.sinceMs <= sinceMs);
}

/** Whether a span begins later than a time; null: before all. */
function isLater(span: Pick<Span, 'sinceMs'>, sinceMs: number | null): boolean {
  return span.sinceMs !== null && (sinceMs === null || span.sinceMs > sinceMs);
}
