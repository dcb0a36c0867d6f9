import type { Hole, Watermark } from '../stream.ts';
import type { LongestPage } from './end-proof.ts';
import type { FetchPage } from './look-ahead.ts';
import type { ListPage } from './page.ts';
import { compareTs } from './row-order.ts';
import { walk, type PageStep } from './walk.ts';

/** What became of a hole that an earlier run left. */
export type RereadHole<P extends ListPage> =
  /** It cannot be read yet: as it is now. */
  | { readonly kind: 'hole'; readonly hole: Hole }
  /** A page shows all of it, or all but a hole reported before; none of its rows when `from` is `to`. */
  | { readonly kind: 'filled'; readonly hole: Hole; readonly step: PageStep<P> };

/** Rows around a hole: the one before it and the one behind it, and one more so that the walk gets anywhere. */
const around = 3;

/** Where a hole stands is known to the row after the first look, unless the list moves on. */
const mostTries = 3;

/**
 * Tries to read what earlier runs could not, each hole by itself. Of a hole larger than a page what is left is reported
 * before the page that fills the rest, so that a run that is cut in between forgets neither. Holes at the end of a list
 * are left to the walk, which comes by there.
 */
export async function* rereadHoles<P extends ListPage>(
  fetch: FetchPage<P>,
  holes: readonly Hole[],
  { watermark, longestPage }: { readonly watermark: Watermark | null; readonly longestPage: LongestPage },
): AsyncGenerator<RereadHole<P>, void> {
  for (const known of holes) {
    const { before } = known;
    if (before === null || watermark === null || compareTs(before, watermark) > 0) continue;
    let hole: Hole = known;
    let offset: number | null = Math.max(0, hole.offset - 1);
    for (let tries = 0; offset !== null && tries < mostTries; tries++) {
      const seen: Seen<P> = await look(fetch, hole, before, { offset, longestPage });
      offset = null;
      if (seen.kind === 'filled') yield { kind: 'filled', hole, step: seen.step };
      else if (seen.kind === 'hole') yield { kind: 'hole', hole: seen.hole };
      else if (seen.kind === 'part' && seen.step.to > seen.step.from) {
        const left = leftOf(hole, seen.step);
        yield { kind: 'hole', hole: left };
        yield { kind: 'filled', hole, step: seen.step };
        hole = left;
        tries = -1;
        offset = Math.max(0, hole.offset - 1);
      } else if (seen.kind === 'part') {
        if (tries < mostTries - 1) offset = seen.offset;
        else yield { kind: 'hole', hole };
      }
    }
  }
}

/** Of a hole whose first rows this page shows. */
function leftOf<P extends ListPage>(hole: Hole, { request, from, to, cursor }: PageStep<P>): Hole {
  return { ...hole, offset: request.offset + to, rows: Math.max(1, hole.rows - (to - from)), after: cursor.watermark };
}

type Seen<P extends ListPage> =
  | { readonly kind: 'hole'; readonly hole: Hole }
  | { readonly kind: 'filled'; readonly step: PageStep<P> }
  /** The page ends in the midst of it; where it shows nothing, the list has moved, and one from `offset` shows more. */
  | { readonly kind: 'part'; readonly step: PageStep<P>; readonly offset: number }
  /** Nothing stands behind the row before it. */
  | { readonly kind: 'gone' };

async function look<P extends ListPage>(
  fetch: FetchPage<P>,
  { after, rows }: Hole,
  before: Watermark,
  { offset, longestPage }: { readonly offset: number; readonly longestPage: LongestPage },
): Promise<Seen<P>> {
  const cursor = { watermark: after, offset, deliveredIds: [] };
  const { value: step, done } = await walk(fetch, { cursor, longestPage, pageSize: rows + around }).next();
  if (done === true) return { kind: 'gone' };
  if (step.kind === 'hole') return { kind: 'hole', hole: { ...step.hole, after, before } };
  const end = step.page.rows.findIndex((row, at) => at >= step.from && !isBefore(row, before));
  // In the total order nothing can be missing before it; in the order of `ts` alone, up to where the walk would go.
  const isWhole = end !== -1 && (step.request.order === 'ts-id' || end <= step.to);
  if (isWhole) return { kind: 'filled', step: { ...step, to: end } };
  return { kind: 'part', step, offset: Math.max(0, step.request.offset + step.from - 1) };
}

/** In the total order. */
function isBefore(row: ListPage['rows'][number], place: Watermark): boolean {
  const order = compareTs(row, place);
  return order < 0 || (order === 0 && place.id !== null && row.id < place.id);
}
