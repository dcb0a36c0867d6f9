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
    const { after, before, offset, rows } = hole;
    if (before === null || watermark === null || compareTs(before, watermark) > 0) continue;
    const cursor = { watermark: after, offset: Math.max(0, offset - 1), deliveredIds: [] };
    const { value: step, done } = await walk(fetch, { cursor, longestPage, pageSize: rows + around }).next();
    if (done === true) continue;
    if (step.kind === 'hole') {
      yield { kind: 'hole', hole: { ...step.hole, after, before } };
      continue;
    }
    const end = step.page.rows.findIndex((row, at) => at >= step.from && !isBefore(row, before));
    // In the total order nothing can be missing before it; in the order of `ts` alone, up to where the walk would go.
    const isWhole = end !== -1 && (step.request.order === 'ts-id' || end <= step.to);
    yield isWhole ? { kind: 'filled', hole, step: { ...step, to: end } } : { kind: 'hole', hole };
  }
}

/** In the total order. */
function isBefore(row: ListPage['rows'][number], place: Watermark): boolean {
  const order = compareTs(row, place);
  return order < 0 || (order === 0 && place.id !== null && row.id < place.id);
}
