import { learnLongestPage } from './walk/end-detector.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import type { PageAllowance } from './page-allowance.ts';
import { readHistory } from './history/read-history.ts';
import type { ReadStep } from './read-step.ts';
import { readStream } from './read-stream.ts';
import type { JournalContents } from '../journal/journal-contents.ts';
import type { Cursor, Hole } from '../model/stream.ts';
import type { ReadContext, StreamContext } from './extract-context.ts';
import { fillJournal } from './fill-journal.ts';
import { resumedHistory, resumedList, walkedPages } from './resumed-walk.ts';
import { closedCursor } from './closed-cursor.ts';
import { holePlace, isBadMessage } from '../journal/hole-place.ts';
import type { PlannedStream, RunStream } from '../plan/run-plan.ts';
import type { StreamOutcome } from '../plan/stream-outcome.ts';

/** Reads one stream into its journal, from where the journal ends. */
export async function extractStream(
  context: StreamContext,
  stream: RunStream,
  allowance: PageAllowance,
): Promise<StreamOutcome> {
  const { journal, endpoint, room, cursor, via } = stream;
  const path = context.journals.path(journal);
  let total: number | undefined;
  const onTotal = stream.untilMs === null ? (rows: number): void => void (total = rows) : undefined;
  const filled = await fillJournal(context, {
    journal,
    endpoint,
    room,
    start: cursor,
    keepsPart: via === 'messages',
    total: () => total,
    mayShareJournal: via === 'messages',
    onOpen: ({ pages }) => learnLongestPage(pages, context.longestPage),
    pages: async (contents, chat) =>
      closing(context, stream, await pagesOf({ ...context, chat }, stream, { path, allowance, contents, onTotal })),
  });
  return { stream, ...filled };
}

interface PagesOptions {
  readonly path: string;
  readonly allowance: PageAllowance;
  readonly contents: JournalContents;
  readonly onTotal: ((rows: number) => void) | undefined;
}

async function* closing(
  { runPlan }: Pick<StreamContext, 'runPlan'>,
  stream: PlannedStream,
  steps: AsyncGenerator<ReadStep, Cursor>,
): AsyncGenerator<ReadStep, Cursor> {
  return closedCursor(yield* steps, stream, runPlan.changesFromMs);
}

/** Pages of a stream: from the last run's cursor or, when a walk was cut, from behind its last page. */
async function pagesOf(
  { chat, disk, longestPage, nowMs }: Pick<ReadContext, 'chat' | 'disk' | 'longestPage' | 'nowMs'>,
  stream: PlannedStream,
  { path, allowance, contents, onTotal }: PagesOptions,
): Promise<AsyncGenerator<ReadStep, Cursor>> {
  const { endpoint, room, filters, pageSize, cursor, via, untilMs, isSought } = stream;
  const own = endpoints[endpoint];
  const listRows = own.countedRows(stream);
  const isBegun = walkedPages(contents).length > 0;
  const options = {
    chat,
    room,
    untilMs,
    pageSize: pageSize ?? undefined,
    holes: holesLeft(stream, contents),
    ...(!isBegun && { countedRows: listRows ?? 0 }),
  };
  switch (via) {
    case 'messages':
      return readStream({
        ...options,
        endpoint: own,
        filters,
        longestPage,
        allowance,
        beganMs: nowMs(),
        onTotal,
        ...(isSought && !isBegun && { sought: { listRows } }),
        ...(await resumedList(disk, { path, contents }, { cursor, pageSize, longestPage, listRows })),
      });
    case 'history':
      return readHistory({
        ...options,
        endpoint: own.requested(via),
        cursor,
        listRows: room.messageCount ?? undefined,
        ...(await resumedHistory(disk, { path, contents })),
      });
  }
}

/** Holes of earlier runs that a cut attempt has not tried yet. */
function holesLeft({ holes }: PlannedStream, contents: JournalContents): readonly Hole[] {
  const tried = new Set([...contents.holes, ...contents.pages.flatMap(({ fills = [] }) => fills)].map(holePlace));
  return holes.filter((hole) => !isBadMessage(hole) && !tried.has(holePlace(hole)));
}
