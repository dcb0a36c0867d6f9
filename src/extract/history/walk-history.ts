import type { HistoryRequest, FetchHistory, HistoryStep, HistoryEdge } from './history-step.ts';
import { RoomError } from '../../errors.ts';
import { allowedLatenessMs, type Cursor } from '../../model/stream.ts';
import type { Bridged } from '../walk/bridge-hole.ts';
import { behindLast, bridgeHistoryHole } from './history-hole.ts';
import { HistoryPlace } from './history-place.ts';
import { isUnreadable, type RowsPage, type UnreadablePage } from '../walk/page.ts';
import type { ListRow } from '../../model/list/list-order.ts';
import { RecentRows } from '../walk/recent-rows.ts';

export interface HistoryWalkOptions {
  /** How far earlier runs have read: the walk ends there. */
  readonly cursor: Cursor;
  readonly pageSize: number;
  /** When a cut walk is resumed: the edge of its last step, and the newest rows it took, newest first. */
  readonly edge?: HistoryEdge | undefined;
  readonly recent?: readonly ListRow[];
  /** Then, too: the last row it took, and how many it passed. */
  readonly lastTaken?: ListRow | undefined;
  readonly passedRows?: number | undefined;
  /** Rows of the whole list by somebody's count: a hint for a later walk by offset. */
  readonly listRows?: number | undefined;
}

/** A burst is asked for whole; a server that cannot give this many rows at once cannot be walked by time. */
const largestPage = 200_000;

/** Nobody caps pages below this. */
const leastCap = 10;

/** Ends of pages of one length, one after the other, that were none: a list that moves changes its length, a cap does not. */
const mostUnproven = 8;

/** Requests in a row without a new row before a walk gives up. */
const idleLimit = 200;

/**
 * Walks a list by time from the newest row downwards. Each page begins with the millisecond at which the last one ended,
 * so nothing that is inserted or deleted elsewhere can shift it: the walk needs no offsets and no totals. The last group
 * of equal `ts` on a page may go on behind it, so it is left for the next page, which begins with it.
 *
 * A burst larger than a page is met with a larger page. Should a server not give one, nothing may be lost: when a page ends
 * inside the millisecond at which it begins, one more request proves that nothing follows.
 *
 * A page that the server cannot read is halved until the row is found that it fails on. Rows behind that one are read by
 * offset from the last row above, each page beginning with a row of the one before, until a page shows where the next
 * millisecond begins: there the walk continues by time.
 * Source: apps/meteor/app/lib/server/methods/getChannelHistory.ts (sort ts descending, skip, limit; `latest` is `$lte`)
 *
 * @yields pages of which rows are taken and holes that cannot be read, newest first
 * @returns the cursor for a later walk, upwards or downwards, over what comes after
 * @throws RoomError (`wire`) when rows are out of order or newer than asked for, (`moving`) for a burst beyond all bounds
 *   or a list that moves faster than it is read, (`page-cap`) for a burst beyond what the server gives on a page
 */
export async function* walkHistory<P extends RowsPage>(
  fetch: FetchHistory<P>,
  { cursor, pageSize, edge, recent = [], lastTaken, passedRows = 0, listRows = 1 }: HistoryWalkOptions,
): AsyncGenerator<HistoryStep<P>, Cursor> {
  const floorMs = cursor.watermark?.tsMs ?? Number.NEGATIVE_INFINITY;
  const takenBefore = new Set(cursor.deliveredIds);
  const newest: ListRow[] = [...recent];
  const place = new HistoryPlace(edge?.ms ?? null, pageSize);
  let edgeMs = edge?.ms ?? null;
  let takenAtEdge: readonly ListRow[] = (edge?.deliveredIds ?? []).map((id) => ({ id, tsMs: edge?.ms ?? 0 }));
  let lowest = lastTaken;
  let above = passedRows;
  let behindHole: Bridged<P> | undefined;
  let failure: UnreadablePage['unreadable'] | undefined;
  let unproven = { rows: 0, times: 0 };

  for (let idle = 0; idle < idleLimit; idle++) {
    const isJoined = behindHole !== undefined;
    const request = behindHole === undefined ? place.request : { latestMs: place.latestMs, ...askedBehind(behindHole) };
    const { latestMs, count, offset = 0 } = request;
    if (count > largestPage) throw burstError();
    const page: P | UnreadablePage = behindHole?.page ?? (await fetch(request));
    behindHole = undefined;
    if (isUnreadable(page)) {
      failure = page.unreadable;
      if (place.afterUnreadable(failure)) yield* cross(failure);
      continue;
    }
    const { rows } = page;
    assertNewestFirst(rows, latestMs);
    const oldest = rows.at(-1);
    if (place.passed > 0 && !isJoined && rows[0]?.id !== place.last?.id) {
      place.startAgain(edgeMs);
      continue;
    }
    const groupAt = rows.findIndex((row) => row.tsMs === oldest?.tsMs);
    let isBorder = place.isBorder(request, rows.length);
    let isLast = oldest === undefined || oldest.tsMs <= floorMs;
    // Nothing older than the millisecond the walk stands at, though there was room for more.
    const isShort = rows.length < count && groupAt === 0 && (place.passed > 0 || oldest?.tsMs === latestMs);
    if (oldest !== undefined && isShort && !isLast && !isBorder) {
      const behind = rows.length < leastCap ? nothing : await behindLast(fetch, request, rows);
      isLast = behind.kind === 'nothing';
      isBorder = behind.kind === 'hole';
      if (behind.kind === 'hole') failure = behind.unreadable;
      if (behind.kind === 'rows' && place.passed === 0) {
        unproven = { rows: rows.length, times: unproven.rows === rows.length ? unproven.times + 1 : 1 };
        if (unproven.times === mostUnproven) throw cappedError(rows.length);
        continue;
      }
    }

    const from = isJoined ? 0 : place.passed - offset;
    const isWhole = isBorder || (place.passed > 0 && groupAt === 0);
    const to = isLast ? rows.filter((row) => row.tsMs > floorMs).length : isWhole ? rows.length : groupAt;
    if (to > from && oldest !== undefined) {
      const taken = rows.slice(from, to);
      const isHere = new Set(takenAtEdge.map(({ id }) => id));
      for (const row of taken) {
        if (row.tsMs > (newest[0] ?? row).tsMs - allowedLatenessMs && !isHere.has(row.id)) newest.push(row);
      }
      const skip = skipped(taken, from, (id) => takenBefore.has(id) || isHere.has(id));
      const nextEdgeMs = isLast ? Math.max(floorMs, oldest.tsMs - 1) : oldest.tsMs;
      takenAtEdge = [...takenAtEdge, ...taken].filter(({ tsMs }) => tsMs <= nextEdgeMs);
      edgeMs = nextEdgeMs;
      const deliveredIds = takenAtEdge.map(({ id }) => id);
      yield { kind: 'page', request, page, from, to, skip, above, edge: { ms: nextEdgeMs, deliveredIds } };
      lowest = taken.at(-1);
      above += taken.length;
      idle = 0;
    }
    if (isLast) return cursorAfter(newest, cursor, listRows);
    place.afterRows({ request, rows, groupAt, isProgress: to > from, isBorder });
    if (isBorder && failure !== undefined) yield* cross(failure);
  }
  throw new RoomError('moving', `Cannot walk the history: ${idleLimit} pages in a row brought nothing new`, {
    hint: 'The list moves faster than it can be read: run again at a quieter time',
  });

  /** Gets behind the rows that cannot be read where the walk stands; if the list has moved, it continues by time. */
  async function* cross(failed: UnreadablePage['unreadable']): AsyncGenerator<HistoryStep<P>, void> {
    const { latestMs, passed, last, size } = place;
    behindHole = await bridgeHistoryHole(fetch, {
      latestMs,
      at: passed,
      last,
      above: lowest,
      count: size,
      failure: failed,
      rowsFromHole: listRows - above,
    });
    if (behindHole === undefined) {
      place.startAgain(edgeMs);
      return;
    }
    place.afterHole(behindHole.hole.rows);
    const { hole } = behindHole;
    // Met before, if the row behind it was taken: a cut or a move led above it again.
    if (takenAtEdge.some(({ id }) => id === hole.after?.id)) return;
    above += hole.rows;
    yield { kind: 'hole', hole };
  }
}

const nothing = { kind: 'nothing' } as const;

function askedBehind({ request: { offset, count } }: Bridged<RowsPage>): Pick<HistoryRequest, 'offset' | 'count'> {
  return { offset, count };
}

function burstError(): RoomError {
  return new RoomError('moving', `Cannot walk the history: more than ${largestPage} messages share one millisecond`);
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

function skipped(taken: readonly ListRow[], from: number, isTaken: (id: string) => boolean): number[] {
  const seen = new Set<string>();
  return taken.flatMap(({ id }, index) => {
    const isKnown = id !== '' && (seen.has(id) || isTaken(id));
    seen.add(id);
    return isKnown ? [from + index] : [];
  });
}

/** Where the list's rows stand is not known here but by their number: a later walk by offset may have to search. */
function cursorAfter(newest: readonly ListRow[], cursor: Cursor, listRows: number): Cursor {
  const recentRows = new RecentRows([], cursor.watermark?.tsMs ?? Number.NEGATIVE_INFINITY);
  recentRows.add(newest.toReversed());
  return recentRows.cursor(Math.max(0, listRows - 1)) ?? cursor;
}
