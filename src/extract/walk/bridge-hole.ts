import { RoomError } from '../../errors.ts';
import type { Hole } from '../../model/stream.ts';
import type { FetchPage } from './prefetcher.ts';
import { isUnreadable, watermarkAt, type PageRequest, type RowsPage, type UnreadablePage } from './page.ts';
import type { ListRow } from '../../model/list/list-order.ts';

/** Rows that are tried one by one before the search steps on in doubling strides. */
const singleSteps = 8;

/**
 * A stride passes over rows that may be readable. So many, a page's worth, are tried one by one once it has shown that
 * something behind can be read; behind these a hole may hold some that nobody has tried.
 */
const mostTried = 100;

/** Where nothing can be read for so long, it is not the place but the list. */
const mostRows = 1 << 14;

/** The page behind a hole, proven to begin right there. */
export interface Bridged<P> {
  readonly hole: Hole;
  readonly request: PageRequest;
  readonly page: P;
}

/** A page that could be read. */
type Found<P> = Pick<Bridged<P>, 'request' | 'page'>;

interface HoleStart {
  /** Where in the list its first row stands. */
  readonly at: number;
  /** The row before it; undefined: the list begins with the hole. */
  readonly last: ListRow | undefined;
  /** Rows to ask for behind it. */
  readonly count: number;
  /** Whether no row of the list has been read: if none can be, it is not a place that cannot be read, but the list. */
  readonly isFirst: boolean;
  readonly failure: UnreadablePage['unreadable'];
}

/**
 * Gets across rows that cannot be read, to the page that begins right behind them.
 *
 * No answer can show a hole together with both its neighbours, so this rests on looking twice: the page counts when
 * afterwards the row before the hole stands where it stood, and the hole's first and last row still cannot be read. Only
 * a shift within the hole, or two opposite ones, within these few requests could deceive it; whoever reads the hole again
 * later finds what they hid.
 *
 * @returns undefined when the list has moved meanwhile
 * @throws RoomError when nothing behind the hole can be read, though something is there
 */
export async function bridgeHole<P extends RowsPage>(
  fetch: FetchPage<P>,
  { at, last, count, isFirst, failure: { reason, message } }: HoleStart,
): Promise<Bridged<P> | undefined> {
  const isHole = async (offset: number): Promise<boolean> => (await readFrom(offset, 1)) === undefined;
  if (!(await isHole(at))) return undefined;

  const behind = (await readFrom(at + 1, count)) ?? (await firstReadable());
  const { request, page } = behind;
  if (!(await isHole(request.offset - 1))) return undefined;
  // An edit may have brought a row of the same millisecond between the two.
  if (request.offset - 1 > at && !(await isHole(at))) return undefined;
  if (last !== undefined) {
    const before = await readFrom(at - 1, 1);
    if (before?.page.rows[0]?.id !== last.id) return undefined;
  }
  if (page.rows.length === 0 && isFirst) throw new RoomError(reason, message);
  const [next] = page.rows;
  const hole: Hole = {
    reason,
    message,
    offset: at,
    rows: request.offset - at,
    id: null,
    after: last === undefined ? null : watermarkAt(last, last.id),
    before: next === undefined ? null : watermarkAt(next, next.id),
  };
  return { hole, request, page };

  async function readFrom(offset: number, rows: number): Promise<Found<P> | undefined> {
    const asked: PageRequest = { offset, count: rows, order: 'ts-id' };
    const answer = await fetch(asked);
    return isUnreadable(answer) ? undefined : { request: asked, page: answer };
  }

  /**
   * One by one, then in strides, which tell a place that cannot be read from a list of which nothing can. What the strides
   * passed over is then tried row by row, and by halving where that is too much.
   */
  async function firstReadable(): Promise<Found<P>> {
    const failed = [at];
    let last = at;
    let found: Found<P> | undefined;
    for (let stride = 1; found === undefined; stride = last - at < singleSteps ? 1 : stride * 2) {
      if (last - at > mostRows) throw new RoomError(reason, message);
      found = await readFrom(last + stride, 1);
      if (found === undefined) failed.push((last += stride));
    }
    const triedTo = Math.min(found.request.offset, at + mostTried + 1);
    for (let offset = at + singleSteps + 1; offset < triedTo; offset++) {
      const row = failed.includes(offset) ? undefined : await readFrom(offset, 1);
      if (row !== undefined) return row;
    }
    last = Math.max(last, triedTo - 1);
    while (found.request.offset - last > 1) {
      const middle = last + Math.floor((found.request.offset - last) / 2);
      const half = await readFrom(middle, 1);
      if (half === undefined) last = middle;
      else found = half;
    }
    return found;
  }
}
