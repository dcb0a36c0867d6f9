import { RoomError } from '../errors.ts';
import { isBad, parseRow, type BadMessage, type Message } from '../rocketchat/message.ts';
import type { RocketChat } from '../rocketchat/rocketchat.ts';
import type { Cursor } from '../stream.ts';
import type { ListRow } from './page.ts';
import { emptyAnswer } from './read-stream.ts';
import type { ReadStep } from './read-step.ts';
import { badMessageHole } from './message-page.ts';
import { markOf } from './message-mark.ts';
import { walkHistory } from './walk-history.ts';

interface HistoryMessages {
  readonly rows: readonly (Message | BadMessage)[];
  readonly body: Uint8Array;
}

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

const nothing = new Uint8Array();

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
    async function readPage({ latestMs, count, offset }): Promise<HistoryMessages> {
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
        throw new RoomError('wire', `Cannot read room "${room.name}": ${endpoint} responded without "messages"`);
      }
      // The server sorts and cuts by date here, so even a row that makes no message has one.
      const rows = messages.map(parseRow);
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
    const bad = [...page.rows.entries()].filter(([at, row]) => at >= from && at < to && isBad(row)).map(([at]) => at);
    const taken = page.rows.filter(
      (row, index): row is Message => !isBad(row) && index >= from && index < to && !skip.includes(index),
    );
    for (const at of bad) {
      const row = page.rows[at];
      if (row === undefined || !isBad(row)) continue;
      const hole = badMessageHole(row, at, page.rows[at + 1], page.rows[at - 1]);
      yield { kind: 'hole', hole, cursor, body: taken.length > 0 ? nothing : page.body };
    }
    yield {
      kind: 'page',
      record: {
        asked: { kind: 'latest', latestMs: request.latestMs, count: request.count },
        rows: page.rows.length,
        total: null,
        from,
        to,
        skip: [...new Set([...skip, ...bad])].sort((a, b) => a - b),
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
