import type { Disk } from '../disk.ts';
import { readFrames } from '../journal/read-frames.ts';
import { isRecord, parseMessage, type Message } from '../rocketchat/message.ts';
import type { JournalFeed } from './journal-feed.ts';
import { journalPath, type OpenRun } from './open-run.ts';

/**
 * The messages of one stream's journal, a page at a time, as they are written; ends when the journal is closed.
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
  let readBytes = 0;
  for (;;) {
    const { sizeBytes, isClosed } = await feed.moreThan(index, readBytes);
    for await (const { frame, body, endByte } of readFrames(disk, path, readBytes)) {
      readBytes = endByte;
      if (frame.kind !== 'page') continue;
      const { from, to, skip } = frame.record;
      const page: unknown = JSON.parse(body.toString());
      const rows: readonly unknown[] = isRecord(page) && Array.isArray(page['messages']) ? page['messages'] : [];
      const counted = rows.slice(from, to);
      yield (skip.length === 0 ? counted : counted.filter((_, at) => !skip.includes(from + at))).map(parseMessage);
    }
    if (isClosed && readBytes >= sizeBytes) return;
  }
}
