import { RoomError } from '../errors.ts';
import type { ReadPage } from '../extractors/read-stream.ts';
import { StreamJournal, type JournalContents } from '../journal/stream-journal.ts';
import type { Cursor, StreamProof } from '../stream.ts';
import type { ExtractHalf } from './extract-half.ts';
import { noProof, provenWith } from './proof.ts';

/** Something that is read into a journal of its own. */
export interface Reading {
  /** Counts streams and, behind them, changes of rooms. */
  readonly index: number;
  readonly path: string;
  readonly endpoint: string;
  readonly room: { readonly name: string };
  /** Where the next run goes on when this one gets nowhere. */
  readonly start: Cursor;
  /** Whether what was read before a gap counts: read downwards, a room without its older part has not been read. */
  readonly keepsPart: boolean;
  /** Told first what the journal holds already, whether or not there is more to read. */
  readonly onOpen?: (contents: JournalContents) => void;
  /** The pages behind those. */
  pages(contents: JournalContents): Promise<AsyncGenerator<ReadPage, Cursor>>;
}

/** What came of a reading. */
export interface Filled {
  readonly proof: StreamProof;
  readonly cursor: Cursor;
  readonly gap: { readonly reason: string; readonly message: string } | null;
}

/** Reads into a journal from where the journal ends, and closes it with how the reading came to an end. */
export async function fillJournal(
  { disk, nowMs, onProgress, onEvent }: ExtractHalf,
  reading: Reading,
): Promise<Filled> {
  const { index, path } = reading;
  const named = { stream: index, endpoint: reading.endpoint, room: reading.room.name };
  const { journal, contents } = await StreamJournal.open(disk, path, nowMs);
  reading.onOpen?.(contents);
  let proof = contents.pages.reduce(provenWith, noProof);
  let { closing } = contents;
  try {
    onProgress(index, { sizeBytes: journal.sizeBytes, isClosed: closing !== null });
    if (closing === null) {
      closing = await readToTheEnd(reading, contents, async ({ record, body }) => {
        proof = provenWith(proof, record);
        await journal.page(record, body);
        onProgress(index, { sizeBytes: journal.sizeBytes, isClosed: false });
        const messages = record.to - record.from - record.skip.length;
        onEvent({ kind: 'page', ...named, messages, total: record.total });
      });
      if (closing.kind === 'end') await journal.end(closing.cursor);
      else await journal.gap(closing.cursor, closing.reason, closing.message);
      onProgress(index, { sizeBytes: journal.sizeBytes, isClosed: true });
    }
    onEvent({ kind: 'stream-read', ...named });
  } finally {
    await journal.close();
  }
  const gap = closing.kind === 'gap' ? { reason: closing.reason, message: closing.message } : null;
  return { proof, cursor: closing.cursor, gap };
}

async function readToTheEnd(
  reading: Reading,
  contents: JournalContents,
  onPage: (page: ReadPage) => Promise<void>,
): Promise<NonNullable<JournalContents['closing']>> {
  const { start, keepsPart } = reading;
  // What a cut attempt journaled is published with the gap: the next run resumes behind it, or it would write it twice.
  let readTo = (keepsPart ? contents.pages.at(-1)?.cursor : undefined) ?? start;
  const pages = await reading.pages(contents);
  try {
    for (;;) {
      const { value, done } = await pages.next();
      if (done === true) return { kind: 'end', cursor: value };
      // A page of rows that the last run took already proves the seam between the runs, but adds nothing to keep.
      if (value.record.first !== null || value.record.asked.kind === 'refused') await onPage(value);
      if (keepsPart) readTo = value.record.cursor;
    }
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    return { kind: 'gap', cursor: readTo, reason: error.reason, message: error.message };
  }
}
