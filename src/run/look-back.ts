import { RoomError } from '../errors.ts';
import { endpoints } from '../extractors/endpoints.ts';
import type { PageAllowance } from '../extractors/page-allowance.ts';
import type { ReadStep } from '../extractors/read-step.ts';
import { readStream } from '../extractors/read-stream.ts';
import { settleMs } from '../extractors/recent-rows.ts';
import { startOffset } from '../extractors/start-offset.ts';
import type { JournalContents } from '../journal/stream-journal.ts';
import type { ChangesRefusal, Cursor } from '../stream.ts';
import { comparedStream } from './compared-stream.ts';
import type { ReadingHalf } from './extract-half.ts';
import { newestRows, recentRows } from './newest-rows.ts';
import type { PlannedChanges } from './open-run.ts';
import type { Silence } from './plan-changes.ts';

/** What to read of a room in place of its changes: the messages of the last `lookbackMs`, of one that is compared all. */
export function insteadOfChanges(changes: PlannedChanges, { nowMs, lookbackMs }: Silence): ChangesRefusal['instead'] {
  const stream = comparedStream(changes);
  if (stream === undefined) return null;
  const windowMs = Math.max(0, nowMs - Math.max(0, lookbackMs));
  // A table that lacks what runs brought lacks whole messages.
  const behindMs = changes.isBehind === true ? (changes.cursor.watermark?.tsMs ?? 0) : windowMs;
  return { endpoint: stream.endpoint, sinceMs: changes.compared !== null ? 0 : Math.min(windowMs, behindMs) };
}

/**
 * Reads the messages of a room since a time once more, from behind the last page that the journal holds.
 *
 * @throws what `readStream` throws
 */
export async function* lookBack(
  { chat, disk, longestPage, nowMs }: ReadingHalf,
  changes: PlannedChanges,
  { instead }: ChangesRefusal,
  { path, contents, allowance }: LookBackOptions,
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
      ...{ pageSize: pageSize ?? undefined, beganMs: nowMs() },
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
}
