import pLimit from 'p-limit';
import type { Disk } from '../disk.ts';
import { RoomError } from '../errors.ts';
import type { LongestPage } from '../extractors/end-proof.ts';
import { endpoints } from '../extractors/endpoints.ts';
import { PageAllowance } from '../extractors/page-allowance.ts';
import type { ListRow } from '../extractors/page.ts';
import { readStream } from '../extractors/read-stream.ts';
import { settleMs } from '../extractors/recent-rows.ts';
import { readFrames } from '../journal/read-frames.ts';
import { StreamJournal, type JournalContents } from '../journal/stream-journal.ts';
import { isRecord, parseMessage } from '../rocketchat/message.ts';
import type { RocketChat } from '../rocketchat/rocketchat.ts';
import type { Cursor, PageRecord } from '../stream.ts';
import type { JournalProgress } from './journal-feed.ts';
import { journalPath, type OpenRun, type PlannedStream } from './open-run.ts';
import { proofOf } from './proof.ts';
import type { RunEvent } from './run-event.ts';
import type { StreamOutcome } from './stream-outcome.ts';

export interface ExtractHalf {
  readonly chat: Pick<RocketChat, 'get'>;
  readonly disk: Disk;
  readonly archive: string;
  readonly openRun: OpenRun;
  /** Streams read at once for each endpoint, and pages one of them may be ahead. */
  readonly concurrency: number;
  readonly longestPage: LongestPage;
  readonly nowMs: () => number;
  /** Called when a stream's journal has been opened, has grown, and has been closed. */
  readonly onProgress: (stream: number, progress: JournalProgress) => void;
  readonly onEvent: (event: RunEvent) => void;
  /** Ends the reading when it fails: there is no use in pages that cannot be loaded. */
  readonly cutBy: Promise<unknown>;
}

/**
 * Reads every stream of a run into its journal, each from where its journal ends. A room that cannot be read becomes a
 * gap and the others go on; anything else ends the run, with all that was read in the journals.
 *
 * @returns what came of each stream, in the order of the run
 */
export async function extractHalf(half: ExtractHalf): Promise<readonly StreamOutcome[]> {
  const allowance = new PageAllowance(half.concurrency);
  // Endpoints have separate rate budgets: one that waits must not hold up another.
  const limits = new Map(half.openRun.streams.map(({ endpoint }) => [endpoint, pLimit(half.concurrency)]));
  /** The first failure that ends the run: other streams stop at their next page, which is in the journal by then. */
  const cut: { error?: Error } = {};
  half.cutBy.catch((error: unknown) => (cut.error ??= asError(error)));
  const outcomes = await Promise.allSettled(
    half.openRun.streams.map(async (stream, index) => {
      const read = async (): Promise<StreamOutcome | undefined> => {
        if (cut.error !== undefined) return undefined;
        const leave = allowance.enter();
        try {
          return await extractStream(half, stream, index, allowance, cut);
        } catch (error) {
          cut.error ??= asError(error);
          throw error;
        } finally {
          leave();
        }
      };
      return (limits.get(stream.endpoint) ?? pLimit(1))(read);
    }),
  );
  if (cut.error !== undefined) throw cut.error;
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' && outcome.value ? [outcome.value] : []));
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

async function extractStream(
  half: ExtractHalf,
  stream: PlannedStream,
  index: number,
  allowance: PageAllowance,
  cut: { readonly error?: Error },
): Promise<StreamOutcome> {
  const { disk, archive, nowMs, onProgress, onEvent } = half;
  const named = { stream: index, endpoint: stream.endpoint, room: stream.room.name };
  const path = journalPath(archive, index, stream);
  const { journal, contents } = await StreamJournal.open(disk, path, nowMs);
  const pages = [...contents.pages];
  let closing = contents.closing;
  try {
    onProgress(index, { sizeBytes: journal.sizeBytes, isClosed: closing !== null });
    closing ??= await readToTheEnd(half, stream, {
      cursor: pages.at(-1)?.cursor ?? stream.cursor,
      recent: await recentRows(disk, path, contents),
      allowance,
      onPage: async (record, body) => {
        pages.push(record);
        await journal.page(record, body);
        onProgress(index, { sizeBytes: journal.sizeBytes, isClosed: false });
        const { asked, to, from, skip, rows, total } = record;
        onEvent({ kind: 'page', ...named, messages: to - from - skip.length, offset: asked.offset + rows, total });
        if (cut.error !== undefined) throw cut.error;
      },
    });
    if (contents.closing === null) {
      if (closing.kind === 'end') await journal.end(closing.cursor);
      else await journal.gap(closing.cursor, closing.reason, closing.message);
      onProgress(index, { sizeBytes: journal.sizeBytes, isClosed: true });
    }
    onEvent({ kind: 'stream-read', ...named });
  } finally {
    await journal.close();
  }
  const gap = closing.kind === 'gap' ? { reason: closing.reason, message: closing.message } : null;
  return { stream, proof: proofOf(pages), cursor: closing.cursor, gap };
}

async function readToTheEnd(
  { chat, longestPage }: ExtractHalf,
  stream: PlannedStream,
  {
    cursor,
    recent,
    allowance,
    onPage,
  }: {
    readonly cursor: Cursor;
    readonly recent: readonly ListRow[];
    readonly allowance: PageAllowance;
    readonly onPage: (record: PageRecord, body: Uint8Array) => Promise<void>;
  },
): Promise<NonNullable<JournalContents['closing']>> {
  const { room, filters } = stream;
  const endpoint = endpoints[stream.endpoint];
  let readTo = cursor;
  try {
    const pageSize = stream.pageSize ?? undefined;
    const pages = readStream({ chat, endpoint, room, filters, cursor, pageSize, longestPage, allowance, recent });
    for (;;) {
      const { value, done } = await pages.next();
      if (done === true) return { kind: 'end', cursor: value };
      // A page of rows that the last run took already proves the seam between the runs, but adds nothing to keep.
      if (value.record.first !== null) await onPage(value.record, value.body);
      readTo = value.record.cursor;
    }
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    return { kind: 'gap', cursor: readTo, reason: error.reason, message: error.message };
  }
}

/** The rows that a cut walk took last: its journal holds them, and the cursor for the next run must name them. */
async function recentRows(disk: Disk, path: string, { pages, starts, closing }: JournalContents): Promise<ListRow[]> {
  const newest = pages.at(-1)?.last;
  if (closing !== null || newest == null) return [];
  const sinceMs = Date.parse(newest.ts) - settleMs;
  const firstPage = pages.findIndex(({ last }) => last !== null && Date.parse(last.ts) > sinceMs);
  const rows: ListRow[] = [];
  for await (const { frame, body } of readFrames(disk, path, starts[firstPage])) {
    if (frame.kind !== 'page') continue;
    const { from, to, skip } = frame.record;
    const page: unknown = JSON.parse(body.toString());
    const messages: readonly unknown[] = isRecord(page) && Array.isArray(page['messages']) ? page['messages'] : [];
    messages.forEach((raw, index) => {
      if (index < from || index >= to || skip.includes(index)) return;
      const { id, tsMs } = parseMessage(raw);
      if (tsMs > sinceMs) rows.push({ id, tsMs });
    });
  }
  return rows;
}
