import type { Hole, Watermark } from '../../model/stream.ts';
import type { LongestPage } from '../../model/list/longest-page.ts';
import type { FetchPage } from './prefetcher.ts';
import { isNewer, type ListRow, compareTs } from '../../model/list/list-order.ts';
import type { ListPage } from './page.ts';
import { walk, type PageStep } from './walk.ts';

/** What became of a hole that an earlier run left. */
type RereadHole<P extends ListPage> =
  /** It, or the part of it that this is, cannot be read yet. */
  | { readonly kind: 'hole'; readonly hole: Hole }
  /** A page shows all of it, or all but a hole reported before; none of its rows when `from` is `to`. */
  | { readonly kind: 'filled'; readonly hole: Hole; readonly step: PageStep<P> };

/** Rows around a hole: the one before it and the one behind it, and one more so that the walk gets anywhere. */
const around = 3;

/**
 * Tries to read what earlier runs could not, each hole by itself and up to the watermark: what is newer the walk brings,
 * which comes by holes that reach beyond it. Of a hole of which a page shows a part, what is left is reported before that
 * page, so that a run that is cut in between forgets neither.
 */
export async function* rereadHoles<P extends ListPage>(
  fetch: FetchPage<P>,
  holes: readonly Hole[],
  { watermark, longestPage }: { readonly watermark: Watermark | null; readonly longestPage: LongestPage },
): AsyncGenerator<RereadHole<P>, void> {
  for (const known of holes) {
    const { after, before } = known;
    if (before === null || watermark === null || (after !== null && compareTs(after, watermark) > 0)) continue;
    let hole: Hole | undefined = known;
    while (hole !== undefined) {
      const { head, ...seen }: Seen<P> = await look(fetch, hole, { before, watermark }, longestPage);
      if (head !== undefined) yield { kind: 'hole', hole: head };
      const left: Hole | undefined = seen.kind === 'part' ? leftOf(hole, seen.step) : undefined;
      if (left !== undefined) yield { kind: 'hole', hole: left };
      if (seen.kind !== 'done') yield { kind: 'filled', hole, step: seen.step };
      hole = left;
    }
  }
}

/** Of a hole whose first rows this page shows. */
function leftOf<P extends ListPage>(hole: Hole, { request, from, to, cursor }: PageStep<P>): Hole {
  return { ...hole, offset: request.offset + to, rows: Math.max(1, hole.rows - (to - from)), after: cursor.watermark };
}

type Seen<P extends ListPage> = {
  /** Its first rows, where they cannot be read. */
  readonly head: Hole | undefined;
} & (
  | { readonly kind: 'filled'; readonly step: PageStep<P> }
  /** The page ends in the midst of it. */
  | { readonly kind: 'part'; readonly step: PageStep<P> }
  /** Nothing more stands behind the row before it, or behind its head. */
  | { readonly kind: 'done' }
);

async function look<P extends ListPage>(
  fetch: FetchPage<P>,
  { after, rows, offset }: Hole,
  { before, watermark }: { readonly before: Watermark; readonly watermark: Watermark },
  longestPage: LongestPage,
): Promise<Seen<P>> {
  const cursor = { watermark: after, offset: Math.max(0, offset - 1), deliveredIds: [] };
  const steps = walk(fetch, { cursor, longestPage, pageSize: rows + around });
  let next = await steps.next();
  // The list has moved, and an earlier hole stands where this one was.
  while (next.done !== true && next.value.kind === 'hole' && isBehind(next.value.hole, after))
    next = await steps.next();
  let head: Hole | undefined;
  if (next.done !== true && next.value.kind === 'hole') {
    const { hole } = next.value;
    // The rows around it may be gone by now: it is still the same place.
    if (hole.before === null || !isBefore(hole.before, before)) {
      return { kind: 'done', head: { ...hole, after, before } };
    }
    head = { ...hole, after };
    next = await steps.next();
  }
  if (next.done === true || next.value.kind === 'hole') return { kind: 'done', head };
  const step = next.value;
  const found = step.page.rows;
  const isTotal = step.request.order === 'ts-id';
  const end = found.findIndex((row, at) => {
    if (at < step.from) return false;
    return isNewer(row, watermark) || (isTotal ? !isBefore(row, before) : compareTs(row, before) > 0);
  });
  // In the total order nothing can be missing before it; in the order of `ts` alone, up to where the walk would go.
  const isWhole = end !== -1 && (isTotal || end <= step.to);
  if (isWhole) {
    const beyond = found.flatMap((row, at) => (at >= step.from && at < end && !isBefore(row, before) ? [at] : []));
    const skip = [...new Set([...step.skip.filter((at) => at < end), ...beyond])].sort((a, b) => a - b);
    return { kind: 'filled', head, step: { ...step, to: end, skip } };
  }
  return { kind: 'part', head, step };
}

/** Whether a hole ends before a place, or right there. */
function isBehind({ before }: Hole, place: Watermark | null): boolean {
  return before !== null && place !== null && !isNewer({ ...before, id: before.id ?? '' }, place);
}

/** In the total order. */
function isBefore(row: ListRow | Watermark, place: Watermark): boolean {
  const order = compareTs(row, place);
  return order < 0 || (order === 0 && place.id !== null && (row.id ?? '') < place.id);
}
