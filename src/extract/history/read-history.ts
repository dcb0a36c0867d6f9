import { RoomError } from '../../errors.ts';
import { isBad, type BadMessage, type Message } from '../../model/message.ts';
import { isReadUpTo } from '../../model/time/period.ts';
import type { RocketChat } from '../../model/rocketchat.ts';
import type { Cursor, Hole, PageRecord } from '../../model/stream.ts';
import { markOf } from '../message-mark.ts';
import { badMessageHole, unreadablePage } from '../message-page.ts';
import { pageValues } from '../page-values.ts';
import type { UnreadablePage } from '../walk/page.ts';
import { emptyAnswer } from '../read-stream.ts';
import type { ReadStep } from '../read-step.ts';
import { rereadHistory } from './reread-history.ts';
import { walkHistory, type HistoryWalkOptions } from './walk-history.ts';
import { type HistoryPageStep, type HistoryRequest } from './history-step.ts';

interface HistoryMessages {
  readonly rows: readonly (Message | BadMessage)[];
  readonly body: Uint8Array;
}

interface ReadHistoryOptions extends Omit<HistoryWalkOptions, 'pageSize'> {
  readonly chat: Pick<RocketChat, 'get'>;
  /** See Endpoint.history. */
  readonly endpoint: string;
  readonly room: { readonly id: string; readonly name: string };
  readonly pageSize?: number | undefined;
  /** Places that earlier runs could not read: see rereadHistory. */
  readonly holes?: readonly Hole[];
  /** See ReadOptions. */
  readonly countedRows?: number;
  /** Rows of this `ts` and later are not taken; null: the walk begins at the newest. */
  readonly untilMs?: number | null;
}

const nothing = new Uint8Array();

/** Rows a page, unless the job says otherwise: groups.history has no limit of its own, memory has. */
export const historyPageSize = 1_000;

/**
 * Reads a room by time: newest first, archived rooms included. What its endpoints cannot see: message types that the
 * workspace hides (Hide_System_Messages). They have no filters of their own. What cannot be read costs itself only.
 * Source: apps/meteor/app/lib/server/functions/getChannelHistory (getChannelHistory.ts)
 *
 * @yields what fills holes of earlier runs, then the pages that count, newest first, and what is missing between and on them
 * @returns the cursor for the next run
 * @throws what `walkHistory` and `RocketChat.get` throw; RoomError (`wire`, `empty-answer`) as readStream does
 */
export async function* readHistory(options: ReadHistoryOptions): AsyncGenerator<ReadStep, Cursor> {
  const {
    chat,
    endpoint,
    room,
    cursor,
    listRows = 1,
    pageSize = historyPageSize,
    countedRows = 0,
    untilMs = null,
  } = options;
  let isEmptyOnce = false;

  async function readPage(request: HistoryRequest): Promise<HistoryMessages | UnreadablePage> {
    const { latestMs, count, offset } = request;
    try {
      const query = {
        roomId: room.id,
        count,
        ...(offset === undefined ? {} : { offset }),
        // The default, said all the same: replies in threads are rows, too.
        showThreadMessages: 'true',
        // Old servers take any text for true, so `inclusive` is only ever sent when it is meant.
        ...(latestMs === null ? {} : { latest: new Date(latestMs).toISOString(), inclusive: 'true' }),
      };
      const answer = await chat.get(endpoint, query, 'outline');
      // The server sorts and cuts by date here, so even a row that makes no message has one.
      const { rows } = pageValues(answer);
      if (rows === undefined) {
        throw new RoomError('wire', `Cannot read room "${room.name}": ${endpoint} responded without "messages"`);
      }
      if (rows.length === 0 && latestMs === null && offset === undefined && countedRows > 0) {
        if (isEmptyOnce) throw emptyAnswer(room.name, endpoint, countedRows);
        isEmptyOnce = true;
        return await readPage(request);
      }
      return { rows, body: answer.body };
    } catch (error) {
      return unreadablePage(error);
    }
  }

  for await (const reread of rereadHistory(readPage, options.holes ?? [], { ...cursor, pageSize })) {
    const { after, before, offset } = reread.hole;
    if (reread.kind === 'hole') yield { kind: 'hole', hole: reread.hole, cursor, body: nothing };
    else
      yield* stepsOf(reread.step, {
        cursor,
        rowsFrom: offset + reread.step.to - reread.step.from,
        fills: { after, before },
      });
  }
  if (isReadUpTo(cursor, untilMs)) return cursor;
  const edge = options.edge ?? (untilMs === null ? undefined : { ms: untilMs - 1, deliveredIds: [] });
  const steps = walkHistory(readPage, { ...options, edge, listRows, pageSize });
  for (;;) {
    const { value, done } = await steps.next();
    if (done === true) return value;
    if (value.kind === 'hole') yield { ...value, cursor, body: nothing };
    else yield* stepsOf(value, { cursor, rowsFrom: listRows - value.above });
  }
}

interface StepContext {
  /** Where the stream began. */
  readonly cursor: Cursor;
  /** Rows of the list from the page's first that counts downwards, by somebody's count. */
  readonly rowsFrom: number;
  readonly fills?: NonNullable<PageRecord['fills']>;
}

function* stepsOf(
  step: HistoryPageStep<HistoryMessages>,
  { cursor, rowsFrom, fills }: StepContext,
): Generator<ReadStep> {
  const { request, page, from, to, edge } = step;
  const counted = [...page.rows.entries()].slice(from, to);
  const taken = counted.flatMap(([at, row]) => (isBad(row) || step.skip.includes(at) ? [] : [row]));
  const bad: number[] = [];
  for (const [at, row] of counted) {
    if (!isBad(row)) continue;
    bad.push(at);
    const hole = badMessageHole(row, Math.max(0, rowsFrom - 1 - (at - from)), page.rows[at + 1], page.rows[at - 1]);
    yield { kind: 'hole', hole, cursor, body: taken.length > 0 ? nothing : page.body };
  }
  yield {
    kind: 'page',
    record: {
      asked: { kind: 'latest', ...request },
      rows: page.rows.length,
      total: null,
      from,
      to,
      skip: [...new Set([...step.skip, ...bad])].sort((a, b) => a - b),
      versions: taken.filter((row) => row.hidden).length,
      first: markOf(taken[0]),
      last: markOf(taken.at(-1)),
      repaired: 0,
      ...(fills && { fills }),
      cursor: { watermark: { tsMs: edge.ms, id: null }, offset: 0, deliveredIds: edge.deliveredIds },
    },
    body: page.body,
  };
}
