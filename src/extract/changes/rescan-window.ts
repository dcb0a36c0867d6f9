import { comparedStream } from '../../plan/streams/compared-stream.ts';
import { endpoints } from '../../endpoints/endpoints.ts';
import type { PageAllowance } from '../page-allowance.ts';
import type { ReadStep } from '../read-step.ts';
import { readStream, sorts } from '../read-stream.ts';
import { parsePage, unreadablePage } from '../message-page.ts';
import { greedyPageSize } from '../walk/walk.ts';
import type { JournalContents } from '../../journal/journal-contents.ts';
import { allowedLatenessMs, fromTheBeginning, type ChangesRefusal, type Cursor } from '../../model/stream.ts';
import type { ReadContext } from '../extract-context.ts';
import { resumedCursor, resumedList } from '../resumed-walk.ts';
import type { EndpointName } from '../../endpoints/endpoint-name.ts';
import type { Room } from '../../model/room.ts';
import type { PlannedChanges } from '../../plan/run-plan.ts';

/**
 * Reads the messages of a room since a time once more, from behind the last page that the journal holds.
 *
 * @throws what `readStream` throws
 */
export async function* rescanWindow(
  { chat, disk, longestPage, nowMs }: ReadContext,
  changes: PlannedChanges,
  { instead }: ChangesRefusal,
  { path, contents, allowance, onTotal }: RescanOptions,
): AsyncGenerator<ReadStep, void> {
  const stream = comparedStream(changes);
  if (instead === null || stream === undefined) return;
  const { endpoint, cursor, pageSize } = stream;
  const { sinceMs } = instead;
  // Earlier runs took nothing that is so new: there is nothing to compare.
  if (cursor.watermark === null || cursor.watermark.tsMs + allowedLatenessMs <= sinceMs) return;

  const { room } = changes;
  const window: Cursor = { watermark: { tsMs: sinceMs, id: null }, offset: cursor.offset, deliveredIds: [] };
  const list = { cursor: window, pageSize, longestPage, listRows: room.messageCount };
  const { offset } = resumedCursor({ cursor: null }, list);
  // What is no date stands before all dates, whatever time it says.
  const isWhole =
    sinceMs === 0 || offset === 0 || (contents.pages.length === 0 && (await beginsUndated(chat, endpoint, room)));
  const leave = allowance.enter();
  try {
    yield* readStream({
      chat,
      room,
      endpoint: endpoints[endpoint],
      filters: {},
      longestPage,
      allowance,
      pageSize: pageSize ?? undefined,
      beganMs: nowMs(),
      onTotal,
      ...(await resumedList(disk, { path, contents }, isWhole ? { ...list, cursor: fromTheBeginning } : list)),
    });
  } finally {
    leave();
  }
}

/** Whether a list begins with messages whose `ts` is no date; where its first page cannot be read, this is unknown. */
async function beginsUndated(chat: ReadContext['chat'], list: EndpointName, room: Room): Promise<boolean> {
  try {
    const answer = await chat.get(list, { roomId: room.id, count: greedyPageSize, offset: 0, sort: sorts.ts });
    return parsePage(answer, 'ts', list, room.name).rows[0]?.undated !== undefined;
  } catch (error) {
    unreadablePage(error);
    return false;
  }
}

interface RescanOptions {
  readonly path: string;
  readonly contents: JournalContents;
  readonly allowance: PageAllowance;
  /** See WalkOptions. */
  readonly onTotal: (rows: number) => void;
}
