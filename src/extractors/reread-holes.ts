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
  /** One page shows all of it; none of its rows when `from` is `to`. */
  | { readonly kind: 'filled'; readonly hole: Hole; readonly step: PageStep<P> };

/** Rows around a hole: the one before it and the one behind it, and one more so that the walk gets anywhere. */
const around = 3;

/** Where a hole stands is known to the row after the first look, unless the list moves on. */
const mostTries = 3;

/**
 * Tries to read what earlier runs could not, each hole by itself: all of it or nothing, so that a run that is cut never
 * takes a row twice. Holes at the end of a list are left to the walk, which comes by there.
 */
export async function* rereadHoles<P extends ListPage>(
  fetch: FetchPage<P>,
  holes: readonly Hole[],
  { watermark, longestPage }: { readonly watermark: Watermark | null; readonly longestPage: LongestPage },
): AsyncGenerator<RereadHole<P>, void> {
  for (const hole of holes) {
    const { before } = hole;
    if (before === null || watermark === null || compareTs(before, watermark) > 0) continue;
    let offset: number | null = Math.max(0, hole.offset - 1);
    for (let tries = 0; offset !== null && tries < mostTries; tries++) {
      const seen: Seen<P> = await look(fetch, hole, before, { offset, longestPage });
      offset = seen.kind === 'part' && tries < mostTries - 1 ? seen.offset : null;
      if (offset !== null) continue;
      if (seen.kind === 'filled') yield { kind: 'filled', hole, step: seen.step };
      else if (seen.kind !== 'gone') yield { kind: 'hole', hole: seen.kind === 'hole' ? seen.hole : hole };
    }
  }
}

type Seen<P extends ListPage> =
  | { readonly kind: 'hole'; readonly hole: Hole }
  | { readonly kind: 'filled'; readonly step: PageStep<P> }
  /** The list has moved: a page that begins at `offset` shows more. */
  | { readonly kind: 'part'; readonly offset: number }
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
  return { kind: 'part', offset: Math.max(0, step.request.offset + step.from - 1) };
}

/** In the total order. */
function isBefore(row: ListPage['rows'][number], place: Watermark): boolean {
  const order = compareTs(row, place);
  return order < 0 || (order === 0 && place.id !== null && row.id < place.id);
}
