import { comparedStream } from '../../plan/compared-stream.ts';
import { RoomError } from '../../errors.ts';
import { endpoints } from '../../endpoints/endpoints.ts';
import type { PageAllowance } from '../page-allowance.ts';
import type { ReadStep } from '../read-step.ts';
import { readStream } from '../read-stream.ts';
import { settleMs } from '../walk/recent-rows.ts';
import { startOffset } from '../walk/start-offset.ts';
import type { JournalContents } from '../../journal/stream-journal.ts';
import type { ChangesRefusal, Cursor } from '../../model/stream.ts';
import type { ReadingHalf } from '../extract-context.ts';
import { newestRows, recentRows } from '../newest-rows.ts';
import type { PlannedChanges } from '../../plan/run-plan.ts';

/**
 * Reads the messages of a room since a time once more, from behind the last page that the journal holds.
 *
 * @throws what `readStream` throws
 */
export async function* lookBack(
  { chat, disk, longestPage, nowMs }: ReadingHalf,
  changes: PlannedChanges,
  { instead }: ChangesRefusal,
  { path, contents, allowance, onTotal }: LookBackOptions,
): AsyncGenerator<ReadStep, void> {
  const stream = comparedStream(changes);
  if (instead === null || stream === undefined) return;
  const { endpoint, cursor, pageSize } = stream;
  const start: Cursor = {
    watermark: { tsMs: instead.sinceMs, id: null },
    offset: instead.sinceMs === 0 ? 0 : cursor.offset,
    deliveredIds: [],
  };
  // Earlier runs took nothing that is so new: there is nothing to compare.
  if (cursor.watermark === null || cursor.watermark.tsMs + settleMs <= instead.sinceMs) return;

  const { pages, starts } = contents;
  const cutPage = pages.at(-1);
  const pageRows = Math.min(pageSize ?? longestPage.rows, longestPage.rows);
  const leave = allowance.enter();
  try {
    const steps = readStream({
      ...{ chat, room: changes.room, endpoint: endpoints[endpoint], filters: {}, longestPage, allowance },
      ...{ pageSize: pageSize ?? undefined, beganMs: nowMs(), onTotal },
      cursor: contents.cursor ?? { ...start, offset: startOffset(start, pageRows, changes.room.messageCount) },
      ...(cutPage && recentRows(await newestRows(disk, path, { pages, starts }), pages, start)),
    });
    for await (const step of steps) {
      // What the list lacks is taken for deleted: nothing of it may be missing for another reason.
      if (step.kind === 'hole') throw new RoomError(step.hole.reason, step.hole.message);
      yield step;
    }
  } finally {
    leave();
  }
}

export interface LookBackOptions {
  readonly path: string;
  readonly contents: JournalContents;
  readonly allowance: PageAllowance;
  /** See WalkOptions. */
  readonly onTotal: (rows: number) => void;
}
