import { RoomError } from '../errors.ts';
import { isBad, messageNamed, type BadMessage, type Message } from '../model/message.ts';
import type { Answer } from '../model/rocketchat.ts';
import type { Cursor, Hole, PageRecord } from '../model/stream.ts';
import { markOf } from './message-mark.ts';
import { pageValues } from './page-values.ts';
import { watermarkAt, type ListPage, type UnreadablePage } from './walk/page.ts';
import { type ListOrder, type ListRow } from '../model/list/list-order.ts';
import type { ReadHole } from './read-step.ts';
import { markTexts } from './walk/date-texts/row-order.ts';
import type { PageStep } from './walk/walk.ts';

/** A page of messages, and of rows that are none. */
export interface MessagePage extends ListPage {
  readonly rows: readonly (Message | BadMessage)[];
  readonly body: Uint8Array;
}

/** Of an answer that is larger than this program can hold. */
const tooLarge = 'too-large';

/**
 * Refusals of a page that a smaller page may get past: the server fails on one stored message with a status of its own
 * (500), or with a TypeError's text and no code (400).
 */
const unreadable: ReadonlySet<string> = new Set(['http-400', 'http-500', tooLarge]);

/** @throws `error` itself when it says nothing about what is on the page */
export function unreadablePage(error: unknown): UnreadablePage {
  if (!(error instanceof RoomError) || !unreadable.has(error.reason)) throw error;
  const { reason, message } = error;
  return { unreadable: { reason, message, isTooLarge: reason === tooLarge } };
}

/**
 * Rows of a page that make no message, to be noted before the page is: `cursor` is that from before it. A page of
 * nothing else is in no journal, so the note holds it.
 */
export function* badRows(step: PageStep<MessagePage>, cursor: Cursor): Generator<ReadHole> {
  const { request, page, from, to } = step;
  if (!page.rows.some((row) => isBad(row))) return;
  const isJournaled = recordOf(step).first !== null;
  for (const [at, row] of page.rows.entries()) {
    if (at < from || at >= to || !isBad(row)) continue;
    const hole = badMessageHole(row, request.offset + at, page.rows[at - 1], page.rows[at + 1]);
    yield { kind: 'hole', hole, cursor, body: isJournaled ? new Uint8Array() : page.body };
  }
}

/** @param offset see Hole; `after` and `before` it in time */
export function badMessageHole(row: BadMessage, offset: number, after?: ListRow, before?: ListRow): Hole {
  return {
    reason: 'bad-message',
    message: `Cannot read ${messageNamed(row)}: ${row.problem}`,
    offset,
    rows: 1,
    id: row.id === '' ? null : row.id,
    after: placeOf(after),
    before: placeOf(before),
    ...(row.changedMs !== undefined && { changedMs: row.changedMs }),
  };
}

function placeOf(row: ListRow | undefined): Hole['after'] {
  return row === undefined ? null : watermarkAt(row, row.id);
}

/** @throws RoomError (`wire`) for an answer that is no page of messages */
export function parsePage(answer: Answer, order: ListOrder, endpoint: string, room: string): MessagePage {
  const { rows, total } = pageValues(answer);
  if (rows === undefined) {
    throw new RoomError('wire', `Cannot read room "${room}": ${endpoint} responded without "messages"`, {
      hint: 'Something between here and the server changes its responses, or the server is no Rocket.Chat',
    });
  }
  if (!isRowCount(total)) {
    const shown = total === undefined ? 'missing' : JSON.stringify(total).slice(0, 40);
    throw new RoomError(
      'wire',
      `Cannot read room "${room}": "total" of ${endpoint} is ${shown}, expected a whole number from 0`,
      {
        hint: 'Something between here and the server changes its responses, or the server is no Rocket.Chat',
      },
    );
  }
  return { rows: markTexts(rows, order), total, body: answer.body };
}

/** A `total` that says how long a list is. */
export function isRowCount(total: unknown): total is number {
  return typeof total === 'number' && Number.isSafeInteger(total) && total >= 0;
}

export function recordOf({
  request,
  page,
  from,
  to,
  skip: known,
  repaired,
  isCountedEnd,
  cursor,
}: PageStep<MessagePage>): PageRecord {
  const bad = page.rows.flatMap((row, index) => (index >= from && index < to && isBad(row) ? [index] : []));
  const skip = bad.length === 0 ? known : [...new Set([...known, ...bad])].sort((a, b) => a - b);
  const taken = page.rows.filter(
    (row, index): row is Message => index >= from && index < to && !isBad(row) && !skip.includes(index),
  );
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
    ...(isCountedEnd && { isCountedEnd }),
    cursor,
  };
}
