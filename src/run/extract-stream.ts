import { RoomError } from '../errors.ts';
import { endpoints } from '../extractors/endpoints.ts';
import type { PageAllowance } from '../extractors/page-allowance.ts';
import type { ListRow } from '../extractors/page.ts';
import { readHistory } from '../extractors/read-history.ts';
import { readStream, type ReadPage } from '../extractors/read-stream.ts';
import { StreamJournal, type JournalContents } from '../journal/stream-journal.ts';
import type { Cursor, PageRecord } from '../stream.ts';
import type { ExtractHalf } from './extract-half.ts';
import { newestRows, recentRows } from './newest-rows.ts';
import { journalPath, type PlannedStream } from './open-run.ts';
import { noProof, provenWith } from './proof.ts';
import { requestedEndpoint } from './requested-endpoint.ts';
import type { StreamOutcome } from './stream-outcome.ts';

/** Reads one stream into its journal, from where the journal ends. */
export async function extractStream(
  half: ExtractHalf,
  stream: PlannedStream,
  index: number,
  allowance: PageAllowance,
): Promise<StreamOutcome> {
  const { disk, archive, nowMs, onProgress, onEvent } = half;
  const named = { stream: index, endpoint: stream.endpoint, room: stream.room.name };
  const path = journalPath(archive, index, stream);
  const { journal, contents } = await StreamJournal.open(disk, path, nowMs);
  let proof = contents.pages.reduce(provenWith, noProof);
  for (const { asked, rows } of contents.pages) {
    // What a cut attempt learned of the server's cap; an unlimited page says nothing about it.
    if (asked.count > 0 && asked.kind === 'offset') half.longestPage.rows = Math.max(half.longestPage.rows, rows);
  }
  let { closing } = contents;
  try {
    onProgress(index, { sizeBytes: journal.sizeBytes, isClosed: closing !== null });
    if (closing === null) {
      const cutPage = contents.pages.at(-1);
      const newest = cutPage === undefined ? [] : await newestRows(disk, path, contents);
      closing = await readToTheEnd(
        stream,
        readerOf(half, stream, allowance, contents.pages, newest),
        async ({ record, body }) => {
          proof = provenWith(proof, record);
          await journal.page(record, body);
          onProgress(index, { sizeBytes: journal.sizeBytes, isClosed: false });
          const messages = record.to - record.from - record.skip.length;
          onEvent({ kind: 'page', ...named, messages, total: record.total });
        },
      );
      if (closing.kind === 'end') await journal.end(closing.cursor);
      else await journal.gap(closing.cursor, closing.reason, closing.message);
      onProgress(index, { sizeBytes: journal.sizeBytes, isClosed: true });
    }
    onEvent({ kind: 'stream-read', ...named });
  } finally {
    await journal.close();
  }
  const gap = closing.kind === 'gap' ? { reason: closing.reason, message: closing.message } : null;
  return { stream, proof, cursor: closing.cursor, gap };
}

/** Pages of a stream: from the last run's cursor or, when a walk was cut, from behind its last page. */
function readerOf(
  { chat, longestPage, nowMs }: ExtractHalf,
  { endpoint, room, filters, pageSize, cursor, via }: PlannedStream,
  allowance: PageAllowance,
  journaled: readonly PageRecord[],
  newest: readonly ListRow[],
): AsyncGenerator<ReadPage, Cursor> {
  const cutPage = journaled.at(-1);
  const options = { chat, room, pageSize: pageSize ?? undefined };
  switch (via) {
    case 'messages': {
      const from = cutPage?.cursor ?? cursor;
      return readStream({
        ...options,
        ...{ endpoint: endpoints[endpoint], filters, cursor: from, longestPage, allowance, beganMs: nowMs() },
        ...(cutPage && recentRows(newest, journaled, cursor)),
      });
    }
    case 'history':
      return readHistory({
        ...{ ...options, endpoint: requestedEndpoint({ endpoint, via }), cursor },
        ...{ recent: newest, edgeMs: cutPage?.cursor.watermark?.tsMs },
      });
  }
}

async function readToTheEnd(
  { cursor, via }: PlannedStream,
  pages: AsyncGenerator<ReadPage, Cursor>,
  onPage: (page: ReadPage) => Promise<void>,
): Promise<NonNullable<JournalContents['closing']>> {
  let readTo = cursor;
  try {
    for (;;) {
      const { value, done } = await pages.next();
      if (done === true) return { kind: 'end', cursor: value };
      // A page of rows that the last run took already proves the seam between the runs, but adds nothing to keep.
      if (value.record.first !== null) await onPage(value);
      // Read downwards, a room of which the older part is missing has not been read at all.
      if (via === 'messages') readTo = value.record.cursor;
    }
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    return { kind: 'gap', cursor: readTo, reason: error.reason, message: error.message };
  }
}
