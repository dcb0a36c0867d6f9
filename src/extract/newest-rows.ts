import type { Disk } from '../system/disk.ts';
import type { ListRow } from '../model/list-order.ts';
import { settleMs } from './walk/recent-rows.ts';
import { readFrames } from '../journal/read-frames.ts';
import type { JournalContents } from '../journal/stream-journal.ts';
import type { Cursor, PageRecord } from '../model/stream.ts';
import { knownMessages } from '../journal/page-messages.ts';

/**
 * The rows that a cut walk and the runs before it took within the last `settleMs` before the newest: the cursor for the
 * next run must name them, and the walk's journal holds them. In the order of the journal: oldest first or, via history,
 * newest first.
 */
export async function newestRows(
  disk: Disk,
  path: string,
  { pages, starts }: Pick<JournalContents, 'pages' | 'starts'>,
): Promise<readonly ListRow[]> {
  const times = pages.map(({ first, last }) =>
    Math.max(...[first, last].map((mark) => (mark ? Date.parse(mark.ts) : 0))),
  );
  const sinceMs = Math.max(...times) - settleMs;
  const rows: ListRow[] = [];
  for (const [index, newestMs] of times.entries()) {
    if (newestMs <= sinceMs) continue;
    for await (const { frame, body } of readFrames(disk, path, starts[index])) {
      if (frame.kind === 'page') rows.push(...knownMessages(body, frame.record).filter(({ tsMs }) => tsMs > sinceMs));
      break;
    }
  }
  return rows.map(({ id, tsMs }) => ({ id, tsMs }));
}

/**
 * What a walk by offset has to know of the rows taken before it was cut: the newest ones, and since when they are all
 * that was taken.
 *
 * A page of nothing but rows that earlier runs took is in no journal. Its rows are known by the cursor that the walk
 * began with, and lie before the first that is journaled: taken for as new as that one, they may be named for longer
 * than they need to be, which costs the next run a page.
 *
 * @param newest of a journal that holds `pages`, at least one
 * @param start where the walk began
 */
export function recentRows(
  newest: readonly ListRow[],
  pages: readonly PageRecord[],
  start: Cursor,
): { readonly recent: readonly ListRow[]; readonly knownSinceMs: number } {
  const startMs = start.watermark?.tsMs ?? Number.NEGATIVE_INFINITY;
  const settledMs = (newest.at(-1)?.tsMs ?? startMs) - settleMs;
  const [first] = newest;
  const firstJournaled = pages[0]?.first;
  if (first === undefined || (firstJournaled != null && Date.parse(firstJournaled.ts) <= settledMs)) {
    return { recent: newest, knownSinceMs: Math.max(startMs, settledMs) };
  }
  const elsewhere = new Set([...newest.map(({ id }) => id), ...(pages.at(-1)?.cursor.deliveredIds ?? [])]);
  const passed = start.deliveredIds.filter((id) => !elsewhere.has(id));
  return { recent: [...passed.map((id) => ({ id, tsMs: first.tsMs })), ...newest], knownSinceMs: startMs };
}
