import type { LongestPage } from './walk/end-proof.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import type { PageAllowance } from './page-allowance.ts';
import { readHistory } from './history/read-history.ts';
import type { ReadStep } from './read-step.ts';
import { readStream } from './read-stream.ts';
import { resumedHistory } from './history/resumed-history.ts';
import { startOffset } from './walk/start-offset.ts';
import type { JournalContents } from '../journal/stream-journal.ts';
import type { Cursor, Hole, PageRecord } from '../model/stream.ts';
import type { ExtractHalf, ReadingHalf } from './extract-context.ts';
import { fillJournal } from './fill-journal.ts';
import { newestRows, recentRows } from './newest-rows.ts';
import { holePlace, isBadMessage } from '../journal/hole-place.ts';
import { journalPath } from '../plan/journal-path.ts';
import type { PlannedStream, RunStream } from '../plan/run-plan.ts';
import type { StreamOutcome } from '../plan/stream-outcome.ts';

/** Reads one stream into its journal, from where the journal ends. */
export async function extractStream(
  half: ExtractHalf,
  stream: RunStream,
  allowance: PageAllowance,
): Promise<StreamOutcome> {
  const { journal, endpoint, room, cursor, via } = stream;
  const path = journalPath(half.archive, stream);
  let total: number | undefined;
  const onTotal = (rows: number): void => void (total = rows);
  const filled = await fillJournal(half, {
    ...{ journal, path, endpoint, room, start: cursor, keepsPart: via === 'messages', total: () => total },
    onOpen: ({ pages }) => learnLongestPage(pages, half.longestPage),
    pages: (contents, chat) => pagesOf({ ...half, chat }, stream, { path, allowance, contents, onTotal }),
  });
  return { stream, ...filled };
}

/** What a cut attempt learned of the server's cap; an unlimited page says nothing about it. */
export function learnLongestPage(pages: readonly PageRecord[], longestPage: LongestPage): void {
  for (const { asked, rows } of pages) {
    if (asked.kind === 'offset' && asked.count > 0) longestPage.rows = Math.max(longestPage.rows, rows);
  }
}

interface PagesOptions {
  readonly path: string;
  readonly allowance: PageAllowance;
  readonly contents: JournalContents;
  readonly onTotal: (rows: number) => void;
}

/** Pages of a stream: from the last run's cursor or, when a walk was cut, from behind its last page. */
async function pagesOf(
  { chat, disk, longestPage, nowMs }: ReadingHalf,
  stream: PlannedStream,
  { path, allowance, contents, onTotal }: PagesOptions,
): Promise<AsyncGenerator<ReadStep, Cursor>> {
  const { endpoint, room, filters, pageSize, cursor, via } = stream;
  const own = endpoints[endpoint];
  const counted = own.countedRows(stream);
  const walked = walkedPages(contents);
  const cutPage = walked.pages.at(-1);
  const newest = cutPage === undefined ? [] : await newestRows(disk, path, walked);
  const options = { chat, room, pageSize: pageSize ?? undefined };
  switch (via) {
    case 'messages': {
      const pageRows = Math.min(pageSize ?? longestPage.rows, longestPage.rows);
      const from = contents.cursor ?? { ...cursor, offset: startOffset(cursor, pageRows, counted) };
      return readStream({
        ...options,
        ...{ endpoint: own, filters, cursor: from, longestPage, allowance, beganMs: nowMs() },
        holes: holesLeft(stream, contents),
        onTotal,
        ...(cutPage === undefined && { countedRows: counted ?? 0 }),
        ...(cutPage && recentRows(newest, walked.pages, cursor)),
      });
    }
    case 'history':
      return readHistory({
        ...{ ...options, endpoint: own.requested(via), cursor },
        ...{ holes: holesLeft(stream, contents), listRows: room.messageCount ?? undefined },
        ...resumedHistory(walked.pages, newest),
        ...(cutPage === undefined && { countedRows: counted ?? 0 }),
      });
  }
}

/** Pages of the walk itself: those that fill holes of earlier runs say nothing about how far it has come. */
function walkedPages({ pages, starts }: JournalContents): Pick<JournalContents, 'pages' | 'starts'> {
  const indices = pages.flatMap(({ fills }, index) => (fills === undefined ? [index] : []));
  return {
    pages: indices.flatMap((index) => pages[index] ?? []),
    starts: indices.flatMap((index) => starts[index] ?? []),
  };
}

/** Holes of earlier runs that a cut attempt has not tried yet. */
function holesLeft({ holes }: PlannedStream, contents: JournalContents): readonly Hole[] {
  const tried = new Set([...contents.holes, ...contents.pages.flatMap(({ fills = [] }) => fills)].map(holePlace));
  return holes.filter((hole) => !isBadMessage(hole) && !tried.has(holePlace(hole)));
}
