import type { Disk } from '../disk.ts';
import { readFrames } from '../journal/read-frames.ts';
import type { Message } from '../rocketchat/message.ts';
import type { JournalFeed } from './journal-feed.ts';
import { journalPath, type OpenRun } from './open-run.ts';
import { pageMessages } from './page-messages.ts';

/**
 * The messages of one stream's journal, a page at a time, oldest first. They come as they are written or, via history,
 * once the journal is closed, for its pages are in the opposite order.
 *
 * @throws LoadStopped when the extract half gives up
 */
export async function* journalMessages(
  disk: Disk,
  archive: string,
  { streams }: OpenRun,
  index: number,
  feed: JournalFeed,
): AsyncGenerator<readonly Message[]> {
  const stream = streams[index];
  if (stream === undefined) return;
  const path = journalPath(archive, index, stream);
  yield* stream.via === 'history' ? backwards(disk, path, index, feed) : asWritten(disk, path, index, feed);
}

async function* asWritten(
  disk: Disk,
  path: string,
  index: number,
  feed: JournalFeed,
): AsyncGenerator<readonly Message[]> {
  let readBytes = 0;
  for (;;) {
    const { sizeBytes, isClosed } = await feed.moreThan(index, readBytes);
    for await (const { frame, body, endByte } of readFrames(disk, path, readBytes)) {
      readBytes = endByte;
      if (frame.kind === 'page') yield pageMessages(body, frame.record);
    }
    if (isClosed && readBytes >= sizeBytes) return;
  }
}

/** A history that ends in a gap yields nothing: its older part is missing, and the next run reads it anew. */
async function* backwards(
  disk: Disk,
  path: string,
  index: number,
  feed: JournalFeed,
): AsyncGenerator<readonly Message[]> {
  await feed.moreThan(index, Number.POSITIVE_INFINITY);
  const starts: number[] = [];
  let startByte = 0;
  for await (const { frame, endByte } of readFrames(disk, path)) {
    if (frame.kind === 'gap') return;
    if (frame.kind === 'page') starts.push(startByte);
    startByte = endByte;
  }
  for (const start of starts.reverse()) {
    for await (const { frame, body } of readFrames(disk, path, start)) {
      if (frame.kind === 'page') yield pageMessages(body, frame.record).toReversed();
      break;
    }
  }
}
