import { RoomError } from '../errors.ts';
import { parseMessage, type Message } from '../rocketchat/message.ts';
import type { Query, RocketChat } from '../rocketchat/rocketchat.ts';
import type { Cursor, MessageFilters, PageRecord } from '../stream.ts';
import type { LongestPage } from './end-proof.ts';
import type { Endpoint } from './endpoint.ts';
import { markOf } from './message-mark.ts';
import type { ListOrder, ListPage, ListRow } from './page.ts';
import type { PageAllowance } from './page-allowance.ts';
import type { ReadStep } from './read-step.ts';
import { walk, type Step } from './walk.ts';

export interface ReadOptions {
  readonly chat: Pick<RocketChat, 'get'>;
  readonly endpoint: Endpoint;
  readonly room: { readonly id: string; readonly name: string };
  readonly filters: MessageFilters;
  readonly cursor: Cursor;
  /** See WalkOptions. */
  readonly beganMs: number;
  readonly pageSize?: number | undefined;
  readonly longestPage: LongestPage;
  readonly allowance: PageAllowance;
  /** See WalkOptions. */
  readonly recent?: readonly ListRow[];
  readonly knownSinceMs?: number | undefined;
}

interface MessagePage extends ListPage {
  readonly rows: readonly Message[];
  readonly body: Uint8Array;
}

const sorts: Readonly<Record<ListOrder, string>> = { ts: '{"ts":1}', 'ts-id': '{"ts":1,"_id":1}' };

/**
 * Reads one endpoint over one room from a cursor to the end of the list.
 *
 * @yields the pages that count, in order of `ts`
 * @returns the cursor for the next run
 * @throws what `walk` and `RocketChat.get` throw; RoomError (`wire`) for an answer that is not a page of messages
 */
export async function* readStream(options: ReadOptions): AsyncGenerator<ReadStep, Cursor> {
  const { chat, endpoint, room, filters, allowance } = options;
  const fixed: Query = { roomId: room.id, ...endpoint.filterQuery(filters) };

  const steps = walk<MessagePage>(
    async ({ offset, count, order }) => {
      const answer = await chat.get(endpoint.name, { ...fixed, count, offset, sort: sorts[order] });
      allowance.observe(answer.body.length);
      return parsePage(answer.value, answer.body, endpoint.name, room.name);
    },
    {
      cursor: options.cursor,
      beganMs: options.beganMs,
      pageSize: options.pageSize,
      longestPage: options.longestPage,
      mayHold: (held) => allowance.allows(held),
      recent: options.recent ?? [],
      knownSinceMs: options.knownSinceMs,
    },
  );
  for (;;) {
    const { value, done } = await steps.next();
    if (done === true) return value;
    yield { kind: 'page', record: recordOf(value), body: value.page.body };
  }
}

function parsePage(
  value: Readonly<Record<string, unknown>>,
  body: Uint8Array,
  endpoint: string,
  room: string,
): MessagePage {
  const { messages, total } = value;
  if (!Array.isArray(messages) || typeof total !== 'number' || !Number.isSafeInteger(total)) {
    throw new RoomError('wire', `Cannot read room "${room}": ${endpoint} answered without "messages" and "total"`, {
      hint: 'Something between here and the server changes its answers, or the server is no Rocket.Chat',
    });
  }
  return { rows: messages.map(parseMessage), total, body };
}

function recordOf({ request, page, from, to, skip, repaired, cursor }: Step<MessagePage>): PageRecord {
  const taken = page.rows.filter((_, index) => index >= from && index < to && !skip.includes(index));
  return {
    asked: { kind: 'offset', ...request },
    rows: page.rows.length,
    total: page.total,
    from,
    to,
    skip,
    versions: taken.filter((row) => row.hidden).length,
    first: markOf(taken[0]),
    last: markOf(taken.at(-1)),
    repaired,
    cursor,
  };
}
