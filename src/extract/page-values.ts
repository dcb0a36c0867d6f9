import { isRecord } from '../model/json/is-record.ts';
import { isBad, parseRow, type BadMessage, type Message } from '../model/message.ts';
import type { Answer } from '../model/rocketchat.ts';

/** What a walk needs of an answer. */
interface PageValues {
  /** undefined: it has no list of messages. */
  readonly rows: readonly (Message | BadMessage)[] | undefined;
  readonly total: unknown;
}

/**
 * Reads the rows of an answer that may hold bytes in place of characters: ids and dates are nearly always ASCII, where
 * the two are the same. An answer with a row that is not, or that is no message, is decoded; so are keys that decoding
 * makes equal, which matters to nothing else.
 */
export function pageValues({ value, texts, body }: Answer): PageValues {
  const page = valuesOf(value);
  if (texts !== 'bytes' || (page.rows?.every(isPlain) === true && isPlainTotal(page.total))) return page;
  const decoded: unknown = JSON.parse(body.toString());
  return valuesOf(isRecord(decoded) ? decoded : {});
}

function valuesOf({ messages, total }: Readonly<Record<string, unknown>>): PageValues {
  return { rows: Array.isArray(messages) ? messages.map(parseRow) : undefined, total };
}

const ascii = /^[\0-\x7f]*$/;

function isPlain(row: Message | BadMessage): boolean {
  return !isBad(row) && row.undated === undefined && ascii.test(row.id);
}

function isPlainTotal(total: unknown): boolean {
  return total === undefined || typeof total === 'number';
}
