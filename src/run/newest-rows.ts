import type { Disk } from '../disk.ts';
import type { ListRow } from '../extractors/page.ts';
import { settleMs } from '../extractors/recent-rows.ts';
import { readFrames } from '../journal/read-frames.ts';
import type { JournalContents } from '../journal/stream-journal.ts';
import { pageMessages } from './page-messages.ts';

/**
 * The rows that a cut walk took within the last `settleMs` before the newest: its journal holds them, and the cursor for
 * the next run must name them. In the order of the journal: oldest first or, via history, newest first.
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
      if (frame.kind === 'page') rows.push(...pageMessages(body, frame.record).filter(({ tsMs }) => tsMs > sinceMs));
      break;
    }
  }
  return rows.map(({ id, tsMs }) => ({ id, tsMs }));
}
