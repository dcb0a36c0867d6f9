import type { Disk } from '../system/disk.ts';
import type { ListRow } from '../model/list/list-order.ts';
import { startOffset } from './walk/start-offset.ts';
import { readFrames } from '../journal/read-frames.ts';
import type { JournalContents, KeptRecord } from '../journal/journal-contents.ts';
import { allowedLatenessMs, type Cursor, type PageRecord } from '../model/stream.ts';
import { messagesWithin } from '../journal/page-messages.ts';
import type { HistoryWalkOptions } from './history/walk-history.ts';
import type { ReadOptions } from './read-stream.ts';

/** A journal, with or without pages of an attempt that was cut. */
interface CutJournal {
  readonly path: string;
  readonly contents: JournalContents;
}

/** A list that is to be read by offset. */
export interface ListToRead {
  /** Where the run set out from. */
  readonly cursor: Cursor;
  /** Rows to ask for in one request; null: as many as the server gives. */
  readonly pageSize: number | null;
  /** Rows of the longest page that the server has given; 0: none yet. */
  readonly longestPage: { readonly rows: number };
  /** See startOffset. */
  readonly listRows: number | null;
}

/** Where a list is read on from: behind the last page of its journal or, where there is none, where the run set out from. */
export function resumedCursor(
  { cursor: readTo }: Pick<JournalContents, 'cursor'>,
  { cursor, pageSize, longestPage, listRows }: ListToRead,
): Cursor {
  const pageRows = Math.min(pageSize ?? longestPage.rows, longestPage.rows);
  return readTo ?? { ...cursor, offset: startOffset(cursor, pageRows, listRows) };
}

/** What a walk by offset must know to resume behind the last page of its journal, or to begin. */
export async function resumedList(
  disk: Disk,
  { path, contents }: CutJournal,
  list: ListToRead,
): Promise<Pick<ReadOptions, 'cursor' | 'recent' | 'knownSinceMs'>> {
  const pages = walkedPages(contents);
  const cursor = resumedCursor(contents, list);
  return pages.length === 0
    ? { cursor }
    : { cursor, ...recentRows(await newestRows(disk, path, pages), pages, list.cursor) };
}

/** What a walk down a history must know to resume behind the last page of its journal; nothing: it begins. */
export async function resumedHistory(
  disk: Disk,
  { path, contents }: CutJournal,
): Promise<Pick<HistoryWalkOptions, 'edge' | 'recent' | 'lastTaken' | 'passedRows'>> {
  const pages = walkedPages(contents);
  const last = pages.at(-1);
  const { watermark = null, deliveredIds = [] } = last?.cursor ?? {};
  if (watermark === null) return {};
  const lastTaken = last?.last && { id: last.last.id, tsMs: Date.parse(last.last.ts) };
  return {
    edge: { ms: watermark.tsMs, deliveredIds },
    recent: await newestRows(disk, path, pages),
    lastTaken: lastTaken ?? undefined,
    passedRows: pages.reduce((sum, { from, to }) => sum + to - from, 0),
  };
}

/** The pages of the walk itself: those that fill holes of earlier runs say nothing about how far it has come. */
export function walkedPages({ pages }: Pick<JournalContents, 'pages'>): readonly KeptRecord[] {
  return pages.filter(({ fills }) => fills === undefined);
}

/**
 * The rows that a cut walk and the runs before it took within the last `allowedLatenessMs` before the newest: the cursor
 * for the next run must name them, and the walk's journal holds them. In the order of the journal: oldest first or, via
 * history, newest first.
 */
async function newestRows(disk: Disk, path: string, pages: readonly KeptRecord[]): Promise<readonly ListRow[]> {
  const newestMs = ({ first, last }: PageRecord): number =>
    Math.max(...[first, last].map((mark) => (mark ? Date.parse(mark.ts) : 0)));
  const sinceMs =
    pages.reduce((latest, page) => Math.max(latest, newestMs(page)), Number.NEGATIVE_INFINITY) - allowedLatenessMs;
  const rows: ListRow[] = [];
  for (const page of pages) {
    if (newestMs(page) <= sinceMs) continue;
    for await (const { frame, body } of readFrames(disk, path, page.startByte)) {
      if (frame.kind === 'page') rows.push(...messagesWithin(body, frame.record).filter(({ tsMs }) => tsMs > sinceMs));
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
function recentRows(
  newest: readonly ListRow[],
  pages: readonly PageRecord[],
  start: Cursor,
): { readonly recent: readonly ListRow[]; readonly knownSinceMs: number } {
  const startMs = start.watermark?.tsMs ?? Number.NEGATIVE_INFINITY;
  const settledMs = (newest.at(-1)?.tsMs ?? startMs) - allowedLatenessMs;
  const [first] = newest;
  const firstJournaled = pages[0]?.first;
  if (first === undefined || (firstJournaled != null && Date.parse(firstJournaled.ts) <= settledMs)) {
    return { recent: newest, knownSinceMs: Math.max(startMs, settledMs) };
  }
  const elsewhere = new Set([...newest.map(({ id }) => id), ...(pages.at(-1)?.cursor.deliveredIds ?? [])]);
  const passed = start.deliveredIds.filter((id) => !elsewhere.has(id));
  return { recent: [...passed.map((id) => ({ id, tsMs: first.tsMs })), ...newest], knownSinceMs: startMs };
}
