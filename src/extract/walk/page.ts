import { compareTs, isNewer, type ListOrder, type ListRow } from '../../model/list/list-order.ts';
import { RoomError } from '../../errors.ts';
import type { Watermark } from '../../model/stream.ts';

/** `count` 0 asks for an unlimited page: servers that forbid it answer with their default page instead. */
export interface PageRequest {
  readonly offset: number;
  readonly count: number;
  readonly order: ListOrder;
}

/** Rows of one answer, in the order asked for. */
export interface RowsPage {
  readonly rows: readonly ListRow[];
}

/** One answer of a paged list, with the server's own count of the whole list. */
export interface ListPage extends RowsPage {
  readonly total: number;
}

/** The server fails on what the page holds: a smaller page may get past it. */
export interface UnreadablePage {
  readonly unreadable: {
    readonly reason: string;
    readonly message: string;
    /** The answer is too large, whatever is in it. */
    readonly isTooLarge: boolean;
  };
}

export function isUnreadable(page: RowsPage | UnreadablePage): page is UnreadablePage {
  return 'unreadable' in page;
}

/** What a page is worth to a walk that has taken everything up to a watermark. */
export type Verdict =
  /** Begins after the watermark: rows between the two may exist, so nothing of it may be taken yet. */
  | { readonly kind: 'late' }
  /** Holds nothing newer than the watermark. */
  | { readonly kind: 'behind' }
  /** All that is newer is one group of equal `ts`, from row `from` on, which may go on behind the page. */
  | { readonly kind: 'tied'; readonly from: number }
  /** Rows `from` (included) to `to` (excluded) are every survivor between the old watermark and the new one. */
  | { readonly kind: 'taken'; readonly from: number; readonly to: number; readonly watermark: Watermark };

export function watermarkAt({ tsMs, undated }: ListRow, id: string | null): Watermark {
  return undated === undefined ? { tsMs, id } : { tsMs, id, undated };
}

/** How a page came to be judged. */
export interface PageTerms {
  /** The list goes no further. */
  readonly isLast: boolean;
  /** It is known to begin right behind what was taken. */
  readonly isJoined?: boolean;
  /** Nothing that can be read follows: its last group is whole, in the total order. */
  readonly endsAtHole?: boolean;
}

/**
 * Judges a page by its own content alone.
 *
 * A page is a contiguous piece of the list. If it begins at or before the watermark (or is the list's beginning), it
 * holds every survivor that is newer, up to its own last row. The last group of equal `ts` may continue on the next page
 * in an order that edits change, so it is left for the next page, unless the terms say that there is none.
 *
 * @throws RoomError (`wire`) when the rows are not in the order asked for: then no conclusion holds
 */
export function judgePage(
  page: ListPage,
  request: PageRequest,
  watermark: Watermark | null,
  { isLast, isJoined = false, endsAtHole = false }: PageTerms,
): Verdict {
  const { rows } = page;
  assertOrdered(rows, request.order);
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) {
    return { kind: request.offset === 0 || isJoined ? 'behind' : 'late' };
  }
  if (request.offset > 0 && !isJoined && isNewer(first, watermark)) return { kind: 'late' };

  const newerAt = rows.findIndex((row) => isNewer(row, watermark));
  if (newerAt === -1) return { kind: 'behind' };
  if (isLast) return { kind: 'taken', from: newerAt, to: rows.length, watermark: watermarkAt(last, null) };

  const lastGroupAt = rows.findIndex((row) => compareTs(row, last) === 0);
  const lastComplete = rows[lastGroupAt - 1];
  if (lastGroupAt > newerAt && lastComplete !== undefined && !endsAtHole) {
    return { kind: 'taken', from: newerAt, to: lastGroupAt, watermark: watermarkAt(lastComplete, null) };
  }
  if (request.order === 'ts') return { kind: 'tied', from: newerAt };
  return { kind: 'taken', from: newerAt, to: rows.length, watermark: watermarkAt(last, last.id) };
}

function assertOrdered(rows: readonly ListRow[], order: ListOrder): void {
  rows.forEach((row, index) => {
    const previous = rows[index - 1];
    const step = previous === undefined ? 1 : compareTs(row, previous);
    if (previous === undefined || step > 0) return;
    if (step === 0 && (order === 'ts' || previous.id <= row.id)) return;
    throw new RoomError(
      'wire',
      `Cannot walk the list: message "${row.id}" came after "${previous.id}", against the order asked for`,
      {
        hint: 'A proxy or a modified server ignores the "sort" parameter',
      },
    );
  });
}
