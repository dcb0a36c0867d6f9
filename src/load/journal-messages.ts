import type { StoredFrame } from '../journal/frame.ts';
import { readFrames } from '../journal/read-frames.ts';
import type { Message } from '../model/message.ts';
import { damagedAt } from '../journal/damaged-journal.ts';
import type { JournalContext } from './journal-context.ts';
import { JournalTail } from '../journal/journal-tail.ts';
import { journalPath } from '../plan/journal-path.ts';
import type { RunStream } from '../plan/run-plan.ts';
import { pageMessages } from '../journal/page-messages.ts';

interface JournaledPage {
  readonly messages: readonly Message[];
  /** An earlier run could not read them, and may have got some as changes. */
  readonly fillsHole: boolean;
}

/**
 * The messages of one stream's journal, a page at a time, oldest first. They come as they are written or, via history,
 * once the journal is closed, for its pages are in the opposite order.
 *
 * @throws LoadStopped when the extract half gives up; OutputError for a journal that cannot be read as it was written
 */
export async function* journalMessages(context: Journals, stream: RunStream): AsyncGenerator<JournaledPage> {
  yield* stream.via === 'history' ? backwards(context, stream) : asWritten(context, stream);
}

type Journals = Pick<JournalContext, 'disk' | 'archive' | 'feed' | 'sharedJournal'>;

async function* asWritten(
  { disk, archive, feed, sharedJournal }: Journals,
  stream: RunStream,
): AsyncGenerator<JournaledPage> {
  const path = journalPath(archive, stream);
  const tail = new JournalTail(disk, path);
  try {
    for (;;) {
      const { sizeBytes, isClosed, shared } = await feed.moreThan(stream.journal, tail.readBytes);
      let readBytes = tail.readBytes;
      for await (const frame of shared === undefined ? tail.framesTo(sizeBytes) : sharedJournal.framesAt(shared)) {
        readBytes = frame.endByte;
        if (frame.frame.kind === 'page') {
          const { record } = frame.frame;
          yield { messages: pageMessages(frame.body, record), fillsHole: record.fills !== undefined };
        }
      }
      if (readBytes < sizeBytes) throw damagedAt(path, readBytes);
      if (isClosed) return;
    }
  } finally {
    await tail.close();
  }
}

/** A history that ends in a gap yields nothing: its older part is missing, and the next run reads it anew. */
async function* backwards({ disk, archive, feed }: Journals, stream: RunStream): AsyncGenerator<JournaledPage> {
  const path = journalPath(archive, stream);
  const { sizeBytes } = await feed.moreThan(stream.journal, Number.POSITIVE_INFINITY);
  const starts: number[] = [];
  const fills: number[] = [];
  let startByte = 0;
  for await (const { frame, endByte } of readFrames(disk, path)) {
    if (frame.kind === 'gap') return;
    if (frame.kind === 'page') (frame.record.fills === undefined ? starts : fills).push(startByte);
    startByte = endByte;
  }
  if (startByte < sizeBytes) throw damagedAt(path, startByte);
  // What fills holes of earlier runs was asked for first, and is older than what the walk brings.
  for (const start of [...fills.reverse(), ...starts.reverse()]) {
    let page: StoredFrame | undefined;
    for await (page of readFrames(disk, path, start)) break;
    if (page?.frame.kind !== 'page') throw damagedAt(path, start);
    const { record } = page.frame;
    yield { messages: pageMessages(page.body, record).toReversed(), fillsHole: record.fills !== undefined };
  }
}
