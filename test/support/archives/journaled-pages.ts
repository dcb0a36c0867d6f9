import { join } from 'node:path';
import { archivePaths } from '../../../src/archive/paths.ts';
import type { RequestRecord } from '../../../src/demo/server/exchange.ts';
import type { Disk } from '../../../src/system/disk.ts';
import { readFrames } from '../../../src/journal/read-frames.ts';
import type { RunPlan, PlannedStream } from '../../../src/plan/run-plan.ts';
import { journalPath } from '../../../src/plan/journal-path.ts';
import type { Cursor } from '../../../src/model/stream.ts';

/** How far the journal of a stream reaches. */
export interface JournaledStream {
  readonly stream: PlannedStream;
  readonly pages: number;
  /** Where the last page ends; null when nothing at all is left to ask. */
  readonly readTo: Cursor | null;
}

/** Empty when no run is open; one that is committed is over, and the next run reads for itself. */
export async function journaledStreams(disk: Disk, archive: string): Promise<readonly JournaledStream[]> {
  const text = await disk.readFile(join(archive, archivePaths.runPlan));
  const isCommitted = (await disk.sizeBytes(join(archive, archivePaths.pendingManifest))) !== undefined;
  if (text === undefined || isCommitted) return [];
  const runPlan = JSON.parse(text.toString()) as RunPlan;
  const journaled: JournaledStream[] = [];
  for (const stream of runPlan.streams) {
    let pages = 0;
    let readTo: Cursor | null = stream.cursor;
    for await (const { frame } of readFrames(disk, journalPath(archive, stream))) {
      if (frame.kind === 'page') pages += 1;
      readTo = frame.kind === 'page' ? frame.record.cursor : null;
    }
    journaled.push({ stream, pages, readTo });
  }
  return journaled;
}

/** Of these requests those for a page that is in a journal already; there should be none. */
export function askedAgain(
  journaled: readonly JournaledStream[],
  requests: readonly RequestRecord[],
): readonly Pick<RequestRecord, 'endpoint' | 'params'>[] {
  return requests.flatMap(({ endpoint, params }) => {
    const found = journaled.find(
      ({ stream }) =>
        (stream.via === 'history' ? 'groups.history' : stream.endpoint) === endpoint &&
        stream.room.id === params['roomId'],
    );
    if (found === undefined || found.pages === 0) return [];
    return isBeyond(found.readTo, params) ? [] : [{ endpoint, params }];
  });
}

/** A list is read upwards by its offset, a history downwards by time. */
function isBeyond(readTo: Cursor | null, { offset, latest }: RequestRecord['params']): boolean {
  if (readTo === null) return false;
  if (offset !== undefined) return Number(offset) >= readTo.offset;
  return typeof latest === 'string' && Date.parse(latest) <= (readTo.watermark?.tsMs ?? Number.NEGATIVE_INFINITY);
}
