import type { Hole } from '../../model/stream.ts';
import { bridgeHole, type Bridged } from '../walk/bridge-hole.ts';
import { isUnreadable, watermarkAt, type RowsPage, type UnreadablePage } from '../walk/page.ts';
import { type ListRow } from '../../model/list/list-order.ts';
import type { FetchHistory, HistoryRequest } from './history-step.ts';

interface HistoryHoleStart {
  /** The list is that of the rows at or before this moment; null: all of them. */
  readonly latestMs: number | null;
  /** Where in it, newest first, the first row stands that cannot be read. */
  readonly at: number;
  /** The row before it there; undefined: there is none. */
  readonly last: ListRow | undefined;
  /** The last row that was read above it; undefined: none was. */
  readonly above: ListRow | undefined;
  readonly count: number;
  readonly failure: UnreadablePage['unreadable'];
  /** Rows of the whole history at or before the hole, by somebody's count. */
  readonly rowsFromHole: number;
}

/**
 * Gets across rows of a history that cannot be read, by offset from the last row above them: what is posted meanwhile
 * shifts nothing there. See bridgeHole for what proves that the page behind them begins right there.
 *
 * @returns undefined when the history has moved meanwhile
 * @throws RoomError when nothing behind the hole can be read, though something is there, or nothing at all
 */
export async function bridgeHistoryHole<P extends RowsPage>(
  fetch: FetchHistory<P>,
  { latestMs, at, last, above, count, failure, rowsFromHole }: HistoryHoleStart,
): Promise<Bridged<P> | undefined> {
  const bridged = await bridgeHole<P>(
    (request) => fetch({ latestMs, count: request.count, ...(request.offset > 0 && { offset: request.offset }) }),
    { at, last, count, isFirst: above === undefined, failure },
  );
  if (bridged === undefined) return undefined;
  const { reason, message, rows, before: behind } = bridged.hole;
  const newer = last ?? above;
  // What comes first in a history is the later.
  const hole: Hole = {
    reason,
    message,
    rows,
    id: null,
    offset: Math.max(0, rowsFromHole - rows),
    after: behind,
    before: newer === undefined ? null : watermarkAt(newer, newer.id),
  };
  return { ...bridged, hole };
}

/** What follows a page that may be the end of the history. */
export async function behindLast<P extends RowsPage>(
  fetch: FetchHistory<P>,
  { latestMs, offset = 0 }: HistoryRequest,
  rows: readonly ListRow[],
): Promise<{ readonly kind: 'nothing' | 'rows' } | ({ readonly kind: 'hole' } & UnreadablePage)> {
  // Its last row, asked for again with room for one more, comes back alone, unless more follow or the list moved.
  const page = await fetch({ latestMs, count: 2, offset: offset + rows.length - 1 });
  if (isUnreadable(page)) return { kind: 'hole', ...page };
  return { kind: page.rows.length === 1 && page.rows[0]?.id === rows.at(-1)?.id ? 'nothing' : 'rows' };
}
