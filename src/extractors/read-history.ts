import { RoomError } from '../errors.ts';
import { parseMessage, type Message } from '../rocketchat/message.ts';
import type { RocketChat } from '../rocketchat/rocketchat.ts';
import type { Cursor } from '../stream.ts';
import type { ListRow } from './page.ts';
import { emptyAnswer } from './read-stream.ts';
import type { ReadStep } from './read-step.ts';
import { markOf } from './message-mark.ts';
import { walkHistory } from './walk-history.ts';

export interface ReadHistoryOptions {
  readonly chat: Pick<RocketChat, 'get'>;
  /** groups.history, channels.history or im.history. */
  readonly endpoint: string;
  readonly room: { readonly id: string; readonly name: string };
  readonly cursor: Cursor;
  readonly pageSize?: number | undefined;
  /** See HistoryWalkOptions. */
  readonly edgeMs?: number | undefined;
  readonly recent?: readonly ListRow[];
  readonly listRows?: number | undefined;
  /** See ReadOptions. */
  readonly countedRows?: number;
}

/** Rows a page, unless the job says otherwise: groups.history has no limit of its own, memory has. */
export const historyPageSize = 1_000;

/**
 * Reads a room by time: newest first, archived rooms included. What its endpoints cannot see: message types that the
 * workspace hides (Hide_System_Messages). They have no filters of their own.
 * Source: apps/meteor/app/lib/server/functions/getChannelHistory (getChannelHistory.ts)
 *
 * @yields the pages that count, newest first
 * @returns the cursor for the next run
 */
export async function* readHistory(options: ReadHistoryOptions): AsyncGenerator<ReadStep, Cursor> {
  const { chat, endpoint, room, cursor, edgeMs, recent = [], pageSize = historyPageSize, countedRows = 0 } = options;
  let isEmptyOnce = false;
  const steps = walkHistory(
    async function readPage({ latestMs, count, offset }): Promise<{ rows: readonly Message[]; body: Uint8Array }> {
      const answer = await chat.get(endpoint, {
        roomId: room.id,
        count,
        ...(offset === undefined ? {} : { offset }),
        // channels.history and im.history leave out the replies in threads unless they are asked for.
        showThreadMessages: 'true',
        // Old servers take any text for true, so `inclusive` is only ever sent when it is meant.
        ...(latestMs === null ? {} : { latest: new Date(latestMs).toISOString(), inclusive: 'true' }),
      });
      const { messages } = answer.value;
      if (!Array.isArray(messages)) {
        throw new RoomError('wire', `Cannot read room "${room.name}": ${endpoint} answered without "messages"`);
      }
      const rows: readonly Message[] = messages.map(parseMessage);
      if (rows.length === 0 && latestMs === null && countedRows > 0) {
        if (isEmptyOnce) throw emptyAnswer(room.name, endpoint, countedRows);
        isEmptyOnce = true;
        return readPage({ latestMs, count });
      }
      return { rows, body: answer.body };
    },
    { cursor, pageSize, edgeMs, recent, listRows: options.listRows },
  );
  for (;;) {
    const { value, done } = await steps.next();
    if (done === true) return value;
    const { request, page, from, to, skip } = value;
    const taken = page.rows.filter((_, index) => index >= from && index < to && !skip.includes(index));
    yield {
      kind: 'page',
      record: {
        asked: { kind: 'latest', latestMs: request.latestMs, count: request.count },
        rows: page.rows.length,
        total: null,
        from,
        to,
        skip,
        versions: taken.filter((row) => row.hidden).length,
        first: markOf(taken[0]),
        last: markOf(taken.at(-1)),
        repaired: 0,
        cursor: { watermark: { tsMs: value.edgeMs, id: null }, offset: 0, deliveredIds: [] },
      },
      body: page.body,
    };
  }
}
