import { RoomError } from '../errors.ts';
import type { ReadStep } from './read-step.ts';
import { savedPages, type JournalContents } from '../journal/journal-contents.ts';
import type { PageReader } from '../model/rocketchat.ts';
import type { Cursor } from '../model/stream.ts';
import type { ExtractContext } from './extract-context.ts';
import type { Journaled } from '../plan/run-plan.ts';
import type { StreamOutcome } from '../plan/stream-outcome.ts';
import { distinctHoles, holePlace } from '../journal/hole-place.ts';
import { nothingRead, withPage } from '../journal/completeness.ts';
import { omitUndefined } from '../omit-undefined.ts';

/** Something that is read into a journal of its own. */
interface PageSource extends Journaled {
  readonly endpoint: string;
  readonly room: { readonly name: string };
  /** Where the next run resumes when this one gets nowhere. */
  readonly start: Cursor;
  /** Whether what was read before a gap counts: read downwards, a room without its older part has not been read. */
  readonly keepsPart: boolean;
  /** Whether it may lie in the shared journal: see JournalFolder. */
  readonly mayShareJournal: boolean;
  /** Told first what the journal holds already, whether or not there is more to read. */
  readonly onOpen?: (contents: JournalContents) => void;
  /** How long the list was found to be, once it has been read to its end. */
  readonly total?: () => number | undefined;
  /** The pages behind those, and what else there is to say. */
  pages(contents: JournalContents, chat: PageReader): Promise<AsyncGenerator<ReadStep, Cursor>>;
}

/** What came of a reading, whatever was read. */
type ReadResult = Omit<StreamOutcome, 'stream'>;

/** Reads into a journal from where the journal ends, and closes it with how the reading came to an end. */
export async function fillJournal(
  { chat, journals, onProgress, onEvent }: Pick<ExtractContext, 'chat' | 'journals' | 'onProgress' | 'onEvent'>,
  reading: PageSource,
): Promise<ReadResult> {
  const { journal: name } = reading;
  const named = { stream: name, endpoint: reading.endpoint, room: reading.room.name };
  const { journal, contents } = await journals.journal(name, reading.mayShareJournal);
  const report = (isClosed: boolean): void =>
    onProgress(name, { sizeBytes: journal.sizeBytes, isClosed, ...omitUndefined({ shared: journal.place }) });
  reading.onOpen?.(contents);
  const reader = chat.reader();
  let completeness = contents.pages.reduce(withPage, nothingRead);
  const holes = [...contents.holes];
  const filled = new Set(contents.pages.flatMap(({ fills = [] }) => fills).map(holePlace));
  let { closing } = contents;
  try {
    report(closing !== null);
    const saved = savedPages(contents);
    if (saved.pages > 0) onEvent({ kind: 'stream-resumed', ...named, ...saved });
    if (closing === null) {
      closing = await readToTheEnd(reading, contents, reader, async (step) => {
        switch (step.kind) {
          case 'page': {
            const { record, body } = step;
            // A page of rows that the last run took already verifies the overlap of the two runs, but adds nothing to keep.
            if (record.first === null && record.asked.kind !== 'changes' && record.fills === undefined) return;
            if (record.fills !== undefined) filled.add(holePlace(record.fills));
            completeness = withPage(completeness, record);
            await journal.page(record, body, step.isLast);
            const messages = record.to - record.from - record.skip.length;
            const fillsHole = record.fills !== undefined;
            onEvent({ kind: 'page', ...named, messages, fillsHole, total: record.total });
            break;
          }
          case 'hole':
            holes.push(step.hole);
            await journal.hole(step.hole, step.cursor, step.body);
            break;
          case 'refusal':
            await journal.refusal(step.refusal);
            break;
        }
        report(false);
      });
      if (closing.kind === 'end') await journal.end(closing.cursor, closing.total);
      else await journal.gap(closing.cursor, closing.reason, closing.message);
      report(true);
    }
    onEvent({ kind: 'stream-read', ...named });
  } finally {
    reader.letGo();
    await journal.close();
  }
  const gap = closing.kind === 'gap' ? { reason: closing.reason, message: closing.message } : null;
  return {
    completeness,
    cursor: closing.cursor,
    gap,
    holes: distinctHoles(holes).filter((hole) => !filled.has(holePlace(hole))),
    total: (closing.kind === 'end' ? closing.total : undefined) ?? null,
  };
}

async function readToTheEnd(
  reading: PageSource,
  contents: JournalContents,
  reader: PageReader,
  onStep: (step: ReadStep) => Promise<void>,
): Promise<NonNullable<JournalContents['closing']>> {
  const { start, keepsPart } = reading;
  // What a cut attempt journaled is published with the gap: the next run resumes behind it, or it would write it twice.
  let readTo = (keepsPart ? contents.cursor : null) ?? start;
  const steps = await reading.pages(contents, reader);
  try {
    for (;;) {
      const { value, done } = await steps.next();
      if (done === true) return { kind: 'end', cursor: value, ...omitUndefined({ total: reading.total?.() }) };
      await onStep(value);
      reader.letGo();
      if (keepsPart && value.kind !== 'refusal') readTo = value.kind === 'page' ? value.record.cursor : value.cursor;
    }
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    return { kind: 'gap', cursor: readTo, reason: error.reason, message: error.message };
  }
}
