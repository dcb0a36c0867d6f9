import { RoomError } from '../../errors.ts';
import type { Cursor, Hole, Watermark } from '../../model/stream.ts';
import { bridgeHole, type Bridged } from './bridge-hole.ts';
import { EndDetector } from './end-detector.ts';
import { Prefetcher, type FetchPage } from './prefetcher.ts';
import { Narrowing } from './narrowing.ts';
import { isUnreadable, judgePage, type ListPage, type PageRequest, type UnreadablePage } from './page.ts';
import { compareTs, isNewer, type ListOrder, type ListRow } from '../../model/list/list-order.ts';
import { GallopingSearch } from './galloping-search.ts';
import { leadingTexts } from './date-texts/leading-texts.ts';
import { PeriodEnd } from './period-end.ts';
import { knownSince, RecentRows } from './recent-rows.ts';
import { skipped } from './skipped-rows.ts';
import { TextWatermark } from './date-texts/text-watermark.ts';
import type { WalkOptions } from './walk-options.ts';

type WalkStep<P extends ListPage> = PageStep<P> | HoleStep;

/** Rows that cannot be read, and where to resume if the walk is cut after them. */
export interface HoleStep {
  readonly kind: 'hole';
  readonly hole: Hole;
  readonly cursor: Cursor;
}

/** A page of which rows are taken, and where to resume if the walk is cut after it. */
export interface PageStep<P extends ListPage> {
  readonly kind: 'page';
  readonly request: PageRequest;
  readonly page: P;
  /** Rows from (included) to (excluded) are taken… */
  readonly from: number;
  readonly to: number;
  /** …except these, which an earlier walk took or the page holds twice. */
  readonly skip: readonly number[];
  /** Pages since the last step that began too late and had to be asked for again. */
  readonly repaired: number;
  /** Set when the page is taken for the whole list because three counts say so: see EndDetector. */
  readonly isCountedEnd?: true;
  /** Set when the walk ends with it. */
  readonly isLast?: true;
  readonly cursor: Cursor;
}

/** Servers clamp what is asked to their own limit, 100 by default; some admins allow thousands. */
export const greedyPageSize = 5_000;

/** With fewer rows a page may bring nothing new: one is the overlap, one may continue behind the page. */
const leastPage = 3;

/** Requests in a row without a new row before a walk gives up; finding a place lost by a million rows takes some 40. */
const idleLimit = 200;

/** Times a server may answer with a single row, though asked for an unlimited page, while more rows follow. */
const singleRowLimit = 3;

/**
 * Walks a list in order of `ts` while messages are posted, deleted, pruned, edited and imported: every message that
 * exists from the start of the walk to its end is taken exactly once, any other at most once.
 *
 * The watermark says up to where everything surviving has been taken. A page counts only if it begins at or before the
 * watermark: a contiguous piece of the list, it then lacks no survivor between the two. This needs no ids, no snapshot
 * and no trust in offsets, totals or page sizes, and costs about two rows per page. A group of equal `ts` larger than a
 * page stops it; that stretch is walked in the total order of (`ts`, `_id`).
 *
 * A page that the server cannot read is halved until the row is found that it fails on; the walk continues behind it.
 *
 * A walk of a period begins at a watermark right before it, for which it looks in the same way, and ends with the page that
 * shows the first row behind it.
 *
 * @yields each page of which rows are taken and each hole that cannot be read, in order
 * @returns the cursor for a later walk over what comes after
 * @throws RoomError when the list cannot be walked: rows out of order (`wire`), one row per page (`page-cap`), no progress
 *   (`moving`); whatever `fetch` throws
 */
export async function* walk<P extends ListPage>(
  fetch: FetchPage<P>,
  options: WalkOptions,
): AsyncGenerator<WalkStep<P>, Cursor> {
  const { cursor, longestPage, mayHold = () => false, recent = [], sought } = options;
  const beganMs = options.beganMs ?? Number.POSITIVE_INFINITY;
  let { pageSize = greedyPageSize } = options;
  const takenBefore = new Set(cursor.deliveredIds);
  let recentRows = new RecentRows(recent, options.knownSinceMs ?? knownSince(cursor, recent));
  const ahead = new Prefetcher(fetch);
  let watermark: Watermark | null = cursor.watermark;
  const distance = sought !== undefined ? 'anywhere' : watermark === null ? 'near' : 'far';
  let search = new GallopingSearch(Math.min(pageSize, longestPage.rows), distance);
  let wanted: PageRequest = {
    offset: watermark === null ? 0 : sought === undefined ? cursor.offset : search.first(sought.listRows, pageSize),
    count: pageSize,
    order: orderAfter(watermark),
  };
  let previousTotal = 0;
  let repaired = 0;
  let singleRows = 0;
  let failure: UnreadablePage['unreadable'] | undefined;
  let behindHole: Bridged<P> | undefined;
  const narrowing = new Narrowing();
  const texts = new TextWatermark(watermark);
  const endDetector = new EndDetector(longestPage, beganMs, options.countedRows ?? 0);
  const period = new PeriodEnd(options.untilMs ?? null, beganMs);

  for (let idle = 0; idle < idleLimit; idle++) {
    const fetched = behindHole === undefined ? await ahead.next(wanted) : { ...behindHole, wasPutBack: true };
    const { request, page } = fetched;
    const isJoined = behindHole !== undefined;
    const before = behindHole?.hole.after ?? null;
    behindHole = undefined;
    if (isUnreadable(page)) {
      failure = page.unreadable;
      const next = narrowing.afterUnreadable(request, longestPage.rows);
      if (next.kind === 'ask') wanted = next.request;
      if (next.kind === 'hole') yield* cross(next.at, undefined, failure);
      if (failure.isTooLarge && wanted.count >= leastPage) {
        // Not what it holds, but how much: the next page would be as large as this one.
        narrowing.stop();
        pageSize = wanted.count;
      }
      continue;
    }
    const corrected = texts.correct(watermark, page.rows, before);
    if (corrected !== undefined) {
      watermark = corrected;
      recentRows = new RecentRows([], Number.NEGATIVE_INFINITY);
    }
    if (watermark === null && request.offset === 0 && period.isBehind(page.rows[0])) {
      texts.learn(await leadingTexts(fetch, request, page));
    }
    const marked = texts.mark(page.rows, watermark);
    const rows = period.within(marked, request.offset);
    const isLast = endDetector.isLast(page, request) || rows.length < marked.length;
    const shrunkBy = Math.max(0, previousTotal - page.total);
    previousTotal = page.total;

    const isNarrowed = narrowing.isActive;
    const verdict = judgePage({ ...page, rows }, request, watermark, { isLast, isJoined, endsAtHole: isNarrowed });
    switch (verdict.kind) {
      case 'late':
        repaired++;
        wanted = { ...wanted, offset: search.afterLate(request.offset, shrunkBy, page.rows.length) };
        if (sought !== undefined && watermark === cursor.watermark) {
          // Wherever the place is, it is not beside rows so much later.
          narrowing.stop();
          wanted = { ...wanted, count: pageSize, order: orderAfter(watermark) };
        } else {
          if (rows.length > 0) ahead.putBack({ ...fetched, page });
          // What is looked for is before this page, and nothing behind it.
          if (isNarrowed) wanted = { ...wanted, count: request.offset + request.count - wanted.offset };
        }
        continue;

      case 'behind':
        if (rows.length === 0 || isLast) return finalCursor();
        if (isNarrowed) break;
        if (rows.length > 1) {
          singleRows = 0;
          wanted = { ...wanted, offset: search.afterBehind(request.offset, rows.length, page.total) };
        } else if (request.count > 0) {
          // One row per page proves nothing: the page cannot begin before the watermark and end after it.
          wanted = { ...wanted, offset: request.offset, count: 0 };
        } else {
          const next = await fetch({ ...request, offset: request.offset + 1 });
          const [beyond] = isUnreadable(next) ? rows : next.rows;
          if (beyond === undefined) return finalCursor();
          if (!isNewer(beyond, watermark)) {
            wanted = { ...wanted, offset: search.afterBehind(request.offset, 2, page.total) };
          } else if (++singleRows === singleRowLimit) {
            throw new RoomError('page-cap', 'Cannot walk the list: the server returns one row per page', {
              hint: 'Ask its administrator to raise API_Upper_Count_Limit: with two rows per page nothing is lost',
            });
          }
        }
        break;

      case 'tied':
        if (verdict.from > 1) {
          wanted = { ...wanted, offset: request.offset + verdict.from - 1 };
        } else {
          // What was asked for ahead is behind the burst, and counts when the walk comes out of it.
          wanted = { ...wanted, offset: request.offset, order: 'ts-id' };
        }
        break;

      case 'taken': {
        const { from, to } = verdict;
        const taken = rows.slice(from, to);
        const skip = skipped(taken, from, takenBefore);
        watermark = verdict.watermark;
        texts.passed(watermark, page.rows, taken);
        recentRows.add(taken);
        wanted = { offset: request.offset + to - 1, count: pageSize, order: orderAfter(watermark) };
        // One row more than the walk itself needs: two messages of one millisecond at a border must not cost a request.
        if (wanted.order === 'ts' && rows.length > 4)
          ahead.fill(wanted, rows.length - 3, period.askAheadTo(page.total), mayHold);
        const resumable = { watermark, offset: wanted.offset, deliveredIds: [...takenBefore] };
        const ends = { ...(endDetector.isCounted && { isCountedEnd: true as const }), ...(isLast && { isLast }) };
        yield { kind: 'page', request, page, from, to, skip, repaired, ...ends, cursor: resumable };
        if (isLast) return finalCursor();
        search = new GallopingSearch(longestPage.rows);
        repaired = 0;
        singleRows = 0;
        idle = 0;
        break;
      }
    }

    if (isNarrowed && failure !== undefined) {
      const next = narrowing.afterReadable(request, rows.length);
      if (next.kind === 'ask') wanted = next.request;
      else wanted = { offset: Math.max(0, request.offset + rows.length - 1), count: pageSize, order: 'ts-id' };
      if (next.kind === 'hole') yield* cross(next.at, rows.at(-1), failure);
      if (next.kind === 'passed') narrowing.stop();
    }

    function finalCursor(): Cursor {
      const lastOffset = Math.max(0, request.offset + rows.length - 1);
      options.onTotal?.(rows.length === 0 ? previousTotal : request.offset + rows.length);
      return recentRows.cursor(lastOffset) ?? { watermark, offset: lastOffset, deliveredIds: cursor.deliveredIds };
    }
  }
  throw new RoomError('moving', `Cannot walk the list: ${idleLimit} pages in a row brought nothing new`, {
    hint: 'The list moves faster than it can be read: run again at a quieter time',
  });

  /** Gets behind the row that cannot be read at `at`; if the list has moved, the walk continues as if nothing was known. */
  async function* cross(
    at: number,
    last: ListRow | undefined,
    failure: UnreadablePage['unreadable'],
  ): AsyncGenerator<HoleStep, void> {
    narrowing.stop();
    behindHole = await bridgeHole(fetch, { at, last, count: pageSize, isFirst: at === 0, failure });
    if (behindHole === undefined) return;
    const { hole } = behindHole;
    // One row that is too large says nothing about others.
    if (failure.isTooLarge) pageSize = options.pageSize ?? greedyPageSize;
    // Before the place that is sought nothing is asked for, and nothing is missing.
    if (sought !== undefined && hole.before !== null && cursor.watermark !== null) {
      if (compareTs(hole.before, cursor.watermark) <= 0) return;
    }
    yield { kind: 'hole', hole, cursor: { watermark, offset: Math.max(0, at - 1), deliveredIds: [...takenBefore] } };
  }
}

/** A watermark inside a burst of one millisecond has an id: the burst goes on in the order that ids decide. */
function orderAfter(watermark: Watermark | null): ListOrder {
  return typeof watermark?.id === 'string' ? 'ts-id' : 'ts';
}
