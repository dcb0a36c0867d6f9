import { RoomError } from '../errors.ts';
import type { Query, RocketChat } from '../model/rocketchat.ts';
import type { Cursor, Hole, MessageFilters } from '../model/stream.ts';
import type { LongestPage } from '../model/list/longest-page.ts';
import type { Endpoint } from '../endpoints/endpoint.ts';
import { badRows, parsePage, recordOf, unreadablePage, type MessagePage } from './message-page.ts';
import type { PageRequest, UnreadablePage } from './walk/page.ts';
import type { ListOrder, ListRow } from '../model/list/list-order.ts';
import { isReadUpTo } from '../model/time/period.ts';
import type { PageAllowance } from './page-allowance.ts';
import type { ReadStep } from './read-step.ts';
import { rereadHoles } from './walk/reread-holes.ts';
import { walk } from './walk/walk.ts';
import type { WalkOptions } from './walk/walk-options.ts';

export interface ReadOptions {
  readonly chat: Pick<RocketChat, 'get'>;
  readonly endpoint: Endpoint;
  readonly room: { readonly id: string; readonly name: string };
  readonly filters: MessageFilters;
  readonly cursor: Cursor;
  /** See WalkOptions. */
  readonly sought?: WalkOptions['sought'];
  readonly untilMs?: number | null;
  readonly beganMs: number;
  readonly pageSize?: number | undefined;
  readonly longestPage: LongestPage;
  readonly allowance: PageAllowance;
  /** See WalkOptions. */
  readonly recent?: readonly ListRow[];
  readonly knownSinceMs?: number | undefined;
  /** Places that earlier runs could not read: see rereadHoles. */
  readonly holes?: readonly Hole[];
  /** See WalkOptions. */
  readonly onTotal?: WalkOptions['onTotal'];
  /** Messages that the room list counts, where the list has them all; 0: nothing is known of it. */
  readonly countedRows?: number;
}

const nothing = new Uint8Array();

/** What the server is asked for. */
export const sorts: Readonly<Record<ListOrder, string>> = { ts: '{"ts":1}', 'ts-id': '{"ts":1,"_id":1}' };

/**
 * Reads one endpoint over one room from a cursor to the end of the list. What cannot be read costs itself only.
 *
 * @yields the pages that count, in order of `ts`, and what is missing between and on them
 * @returns the cursor for the next run
 * @throws what `walk` and `RocketChat.get` throw; RoomError (`wire`) for an answer that is not a page of messages,
 *   (`empty-answer`) for a list that is empty twice though the room list counts messages
 */
export async function* readStream(options: ReadOptions): AsyncGenerator<ReadStep, Cursor> {
  const { chat, endpoint, room, filters, allowance, cursor, longestPage, countedRows = 0, untilMs = null } = options;
  const fixed: Query = { roomId: room.id, ...endpoint.filterQuery(filters) };
  let seenRows = 0;

  async function readPage({ offset, count, order }: PageRequest): Promise<MessagePage | UnreadablePage> {
    try {
      const answer = await chat.get(endpoint.name, { ...fixed, count, offset, sort: sorts[order] }, 'outline');
      allowance.observe(answer.body.length);
      const page = parsePage(answer, order, endpoint.name, room.name);
      seenRows += page.rows.length;
      return page;
    } catch (error) {
      return unreadablePage(error);
    }
  }

  for await (const reread of rereadHoles(readPage, options.holes ?? [], { ...cursor, longestPage })) {
    const { after, before } = reread.hole;
    if (reread.kind === 'hole') {
      yield { kind: 'hole', hole: reread.hole, cursor, body: nothing };
    } else {
      yield* badRows(reread.step, cursor);
      const record = { ...recordOf(reread.step), cursor, fills: { after, before } };
      yield { kind: 'page', record, body: reread.step.page.body };
    }
  }

  if (isReadUpTo(cursor, untilMs)) return cursor;
  const first = yield* walkOnce();
  if (seenRows > 0 || countedRows === 0) return first;
  const second = yield* walkOnce();
  if (seenRows === 0) throw emptyAnswer(room.name, endpoint.name, countedRows);
  return second;

  async function* walkOnce(): AsyncGenerator<ReadStep, Cursor> {
    let passed = cursor;
    const steps = walk<MessagePage>(readPage, {
      cursor,
      sought: options.sought,
      untilMs,
      longestPage,
      beganMs: options.beganMs,
      pageSize: options.pageSize,
      recent: options.recent ?? [],
      knownSinceMs: options.knownSinceMs,
      onTotal: options.onTotal,
      mayHold: (held) => allowance.allows(held),
      countedRows,
    });
    for (;;) {
      const { value, done } = await steps.next();
      if (done === true) return value;
      if (value.kind === 'page') {
        yield* badRows(value, passed);
        yield { kind: 'page', record: recordOf(value), body: value.page.body, ...(value.isLast && { isLast: true }) };
      } else {
        yield { ...value, body: nothing };
      }
      passed = value.cursor;
    }
  }
}

/** The room list counts messages, and twice none came: that is no "nothing new". */
export function emptyAnswer(room: string, endpoint: string, countedRows: number): RoomError {
  return new RoomError(
    'empty-answer',
    `Cannot read room "${room}": ${endpoint} gave no message, twice, and the room list counts ${countedRows}`,
    { hint: 'If the room is really empty, only its counter is wrong: leave it out, or post a message in it' },
  );
}
