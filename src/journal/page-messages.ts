import type { JsonValue } from '../model/json/json-value.ts';
import { isArray } from '../model/json/is-array.ts';
import { isBad, parseRow, type Message } from '../model/message.ts';
import type { PageRecord } from '../model/stream.ts';
import { parseAnswer } from './parse-answer.ts';

/** The messages that count of a journaled page, in the order of the answer. */
export function pageMessages(body: Buffer, { from, to, skip }: PageRecord): readonly Message[] {
  const counted = messagesOf(body).slice(from, to);
  return parsed(skip.length === 0 ? counted : counted.filter((_, at) => !skip.includes(from + at)));
}

/** Those and the ones between them that an earlier run took. */
export function messagesWithin(body: Buffer, { from, to }: PageRecord): readonly Message[] {
  return parsed(messagesOf(body).slice(from, to));
}

/** Rows that are no messages are among the record's `skip`. */
function parsed(rows: readonly JsonValue[]): readonly Message[] {
  return rows.map(parseRow).filter((row): row is Message => !isBad(row));
}

function messagesOf(body: Buffer): readonly JsonValue[] {
  const { messages } = parseAnswer(body);
  return isArray(messages) ? messages : [];
}
