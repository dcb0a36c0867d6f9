import { join } from 'node:path';
import { archivePaths } from '../../src/archive/paths.ts';
import type { RequestRecord } from '../../src/demo/exchange.ts';
import type { Disk } from '../../src/disk.ts';
import { readFrames } from '../../src/journal/read-frames.ts';
import type { OpenRun } from '../../src/run/open-run.ts';
import { journalPath } from '../../src/run/open-run.ts';

/** How far the journals of an open run reach, stream by stream. */
export interface JournaledStream {
  readonly endpoint: string;
  readonly roomId: string;
  readonly pages: number;
  /** Offset from which an unread page would be asked; null when nothing at all is left to ask. */
  readonly nextOffset: number | null;
}

/** Empty when no run is open; one that is committed is over, and the next run reads for itself. */
export async function journaledStreams(disk: Disk, archive: string): Promise<readonly JournaledStream[]> {
  const text = await disk.readFile(join(archive, archivePaths.openRun));
  const isCommitted = (await disk.sizeBytes(join(archive, archivePaths.pendingManifest))) !== undefined;
  if (text === undefined || isCommitted) return [];
  const openRun = JSON.parse(text.toString()) as OpenRun;
  const journaled: JournaledStream[] = [];
  for (const [index, stream] of openRun.streams.entries()) {
    let pages = 0;
    let nextOffset: number | null = stream.cursor.offset;
    for await (const { frame } of readFrames(disk, journalPath(archive, index, stream))) {
      if (frame.kind === 'page') pages += 1;
      nextOffset = frame.kind === 'page' ? frame.record.cursor.offset : null;
    }
    journaled.push({ endpoint: stream.endpoint, roomId: stream.room.id, pages, nextOffset });
  }
  return journaled;
}

/** Of these requests those for a page that is in a journal already; there should be none. */
export function askedAgain(
  journaled: readonly JournaledStream[],
  requests: readonly RequestRecord[],
): readonly Pick<RequestRecord, 'endpoint' | 'params'>[] {
  return requests.flatMap(({ endpoint, params }) => {
    const stream = journaled.find((one) => one.endpoint === endpoint && one.roomId === params['roomId']);
    if (stream === undefined || stream.pages === 0) return [];
    const isNew = stream.nextOffset !== null && Number(params['offset']) >= stream.nextOffset;
    return isNew ? [] : [{ endpoint, params }];
  });
}
