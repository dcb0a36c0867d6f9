import { RoomError } from '../errors.ts';
import type { Cursor } from '../stream.ts';
import type { ListRow } from './page.ts';
import { RecentRows, settleMs } from './recent-rows.ts';

/** What is asked: the newest `count` rows at or before `latestMs`; null: the newest of all. */
export interface HistoryRequest {
  readonly latestMs: number | null;
  readonly count: number;
  /** Rows to pass over; absent: none. */
  readonly offset?: number;
}

/** Rows newest first, as groups.history, channels.history and im.history answer. */
export interface HistoryPage {
  readonly rows: readonly ListRow[];
}

export interface HistoryStep<P extends HistoryPage> {
  readonly request: HistoryRequest;
  readonly page: P;
  /** Rows from (included) to (excluded) are taken, except those in `skip`. */
  readonly from: number;
  readonly to: number;
  readonly skip: readonly number[];
  /** Where to go on downwards if the walk is cut after this page: everything newer has been taken. */
  readonly edgeMs: number;
}

export interface HistoryWalkOptions {
  /** How far earlier runs have read: the walk ends there. */
  readonly cursor: Cursor;
  readonly pageSize: number;
  /** When a cut walk is gone on with: the edge of its last step, and the newest rows it took, newest first. */
  readonly edgeMs?: number | undefined;
  readonly recent?: readonly ListRow[];
  /** Rows of the whole list by somebody's count: a hint for a later walk by offset. */
  readonly listRows?: number | undefined;
}

/** A burst is asked for whole; a server that cannot give this many rows at once cannot be walked by time. */
const largestPage = 200_000;

/** Nobody caps pages below this. */
const leastCap = 10;

/** Ends of pages of one length, one after the other, that were none: a list that moves changes its length, a cap does not. */
const mostUnproven = 8;

/**
 * Walks a list by time from the newest row downwards. Each page begins with the millisecond at which the last one ended,
 * so nothing that is inserted or deleted elsewhere can shift it: the walk needs no offsets and no totals. The last group
 * of equal `ts` on a page may go on behind it, so it is left for the next page, which begins with it.
 *
 * A burst larger than a page is met with a larger page. Not every server gives one (channels.history and im.history cap
 * `count`), so when a page ends inside the millisecond at which it begins, one more request proves that nothing follows.
 *
 * @yields pages of which rows are taken, newest first
 * @returns the cursor for a later walk, upwards or downwards, over what comes after
 * @throws RoomError (`wire`) when rows are out of order or newer than asked for, (`moving`) for a burst beyond all bounds, (`page-cap`)
 *   for one beyond what the server gives on a page
 */
export async function* walkHistory<P extends HistoryPage>(
  fetch: (request: HistoryRequest) => Promise<P>,
  { cursor, pageSize, edgeMs, recent = [], listRows = 1 }: HistoryWalkOptions,
): AsyncGenerator<HistoryStep<P>, Cursor> {
  const floorMs = cursor.watermark?.tsMs ?? Number.NEGATIVE_INFINITY;
  const takenBefore = new Set(cursor.deliveredIds);
  const newest: ListRow[] = [...recent];
  let latestMs = edgeMs ?? null;
  let count = pageSize;
  let unproven = { rows: 0, times: 0 };

  while (count <= largestPage) {
    const request = { latestMs, count };
    const page = await fetch(request);
    const { rows } = page;
    assertNewestFirst(rows, latestMs);
    const oldest = rows.at(-1);
    // Nothing older than the millisecond the walk stands at, though there was room for more.
    const isLast = oldest === undefined || oldest.tsMs <= floorMs || (oldest.tsMs === latestMs && rows.length < count);
    const to = isLast
      ? rows.filter((row) => row.tsMs > floorMs).length
      : rows.findIndex((row) => row.tsMs === oldest.tsMs);
    if (to === 0 && !isLast) {
      if (latestMs === oldest.tsMs) count *= 2;
      latestMs = oldest.tsMs;
      continue;
    }
    if (latestMs !== null && oldest?.tsMs === latestMs && latestMs > floorMs && rows.length >= leastCap) {
      if (!(await isEnd(fetch, latestMs, rows.length, oldest))) {
        unproven = { rows: rows.length, times: unproven.rows === rows.length ? unproven.times + 1 : 1 };
        if (unproven.times === mostUnproven) throw cappedError(rows.length);
        continue;
      }
    }
    for (const row of rows.slice(0, to)) if (row.tsMs > (newest[0] ?? row).tsMs - settleMs) newest.push(row);
    if (to > 0 && oldest !== undefined) {
      const skip = skipped(rows.slice(0, to), takenBefore);
      yield { request, page, from: 0, to, skip, edgeMs: isLast ? Math.max(floorMs, oldest.tsMs - 1) : oldest.tsMs };
    }
    if (isLast) return cursorAfter(newest, cursor, listRows);
    latestMs = oldest.tsMs;
    count = pageSize;
  }
  throw new RoomError('moving', `Cannot walk the history: more than ${largestPage} messages share one millisecond`);
}

/** Asks for the last row again, with room for one more: it comes back alone, unless more follow or the list moved. */
async function isEnd(
  fetch: (request: HistoryRequest) => Promise<HistoryPage>,
  latestMs: number,
  rowCount: number,
  oldest: ListRow,
): Promise<boolean> {
  const { rows } = await fetch({ latestMs, count: 2, offset: rowCount - 1 });
  return rows.length === 1 && rows[0]?.id === oldest.id;
}

function cappedError(rowCount: number): RoomError {
  return new RoomError(
    'page-cap',
    `Cannot walk the history: more messages share one millisecond than the ${rowCount} that the server gives at once`,
    { hint: 'Leave "via: history" out of the job, or ask the administrator to raise API_Upper_Count_Limit' },
  );
}

function assertNewestFirst(rows: readonly ListRow[], latestMs: number | null): void {
  let previousMs = latestMs ?? Number.POSITIVE_INFINITY;
  for (const { id, tsMs } of rows) {
    if (tsMs > previousMs) {
      throw new RoomError('wire', `Cannot walk the history: message "${id}" is newer than what was asked for`, {
        hint: 'A proxy or a modified server ignores the "latest" parameter',
      });
    }
    previousMs = tsMs;
  }
}

function skipped(taken: readonly ListRow[], takenBefore: ReadonlySet<string>): number[] {
  const seen = new Set<string>();
  return taken.flatMap(({ id }, index) => {
    const isKnown = seen.has(id) || takenBefore.has(id);
    seen.add(id);
    return isKnown ? [index] : [];
  });
}

/** Where the list's rows stand is not known here but by their number: a later walk by offset may have to search. */
function cursorAfter(newest: readonly ListRow[], cursor: Cursor, listRows: number): Cursor {
  const recentRows = new RecentRows([], cursor.watermark?.tsMs ?? Number.NEGATIVE_INFINITY);
  recentRows.add(newest.toReversed());
  return recentRows.cursor(Math.max(0, listRows - 1)) ?? cursor;
}
