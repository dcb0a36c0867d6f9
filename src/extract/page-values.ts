import type { JsonObject } from '../model/json/json-value.ts';
import { parseJsonText } from '../model/json/parse-json-text.ts';
import { isArray } from '../model/json/is-array.ts';
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
 * Reads the rows of an answer. Of a row that is no message, or that has a `ts` which is no date, more is to be said than
 * an outline shows.
 */
export function pageValues({ value, extent, body }: Answer): PageValues {
  const page = valuesOf(value);
  if (extent !== 'outline' || page.rows?.every(isPlain) === true) return page;
  const decoded = parseJsonText(body.toString());
  return valuesOf(isRecord(decoded) ? decoded : {});
}

function valuesOf({ messages, total }: JsonObject): PageValues {
  return { rows: isArray(messages) ? messages.map(parseRow) : undefined, total };
}

function isPlain(row: Message | BadMessage): boolean {
  return !isBad(row) && row.undated === undefined;
}
