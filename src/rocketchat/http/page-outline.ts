import type { JsonObject } from '../../model/json/json-value.ts';
import { behindSpace, chars, noEnd, valueEnd } from '../../model/json/value-end.ts';

/** A page of messages as JSON.parse would read it, with the fields that a walk needs. */
interface PageOutline extends JsonObject {
  messages?: readonly OutlinedRow[];
  total?: number;
  success?: boolean;
}

interface OutlinedRow extends JsonObject {
  readonly _id: string;
  readonly ts: string;
  readonly _hidden: boolean;
}

/** Messages of people have twenty levels. What has more is left to JSON.parse, and to whoever counts them. */
const levels = 100;

/**
 * Reads a page of messages from its bytes: whether all of it is JSON, and of each message the id and the time. JSON.parse
 * would make some hundred values of each, and a walk looks at three.
 *
 * @returns undefined for all that is not plainly a page, so that JSON.parse says what it is: other answers, broken JSON,
 *   ids and times with escapes or beyond ASCII, keys of which two may be one when they are decoded
 */
export function pageOutline(body: Buffer): PageOutline | undefined {
  const outline: PageOutline = {};
  const end = fieldsEnd(body, behindSpace(body, 0), (keyAt, keyEnd, at) => {
    switch (body.toString('latin1', keyAt, keyEnd)) {
      case 'messages': {
        const rows: OutlinedRow[] = [];
        outline.messages = rows;
        return rowsEnd(body, at, rows);
      }
      case 'total': {
        const valueAt = valueEnd(body, at, 0);
        const total = valueAt === noEnd ? undefined : Number(body.toString('latin1', at, valueAt));
        if (!Number.isSafeInteger(total) || body[at] === chars.quote) return noEnd;
        outline.total = Number(total);
        return valueAt;
      }
      case 'success':
        outline.success = isTrue(body, at);
        return outline.success ? valueEnd(body, at, 0) : noEnd;
      case 'status':
        // Of errors.
        return noEnd;
      default:
        return valueEnd(body, at, levels);
    }
  });
  return end !== noEnd && behindSpace(body, end) === body.length ? outline : undefined;
}

function rowsEnd(body: Buffer, at: number, rows: OutlinedRow[]): number {
  if (body[at] !== chars.openBracket) return noEnd;
  let end = behindSpace(body, at + 1);
  if (body[end] === chars.closeBracket) return end + 1;
  for (;;) {
    end = rowEnd(body, end, rows);
    if (end === noEnd) return noEnd;
    end = behindSpace(body, end);
    if (body[end] === chars.closeBracket) return end + 1;
    if (body[end] !== chars.comma) return noEnd;
    end = behindSpace(body, end + 1);
  }
}

function rowEnd(body: Buffer, at: number, rows: OutlinedRow[]): number {
  let id: string | undefined;
  let ts: string | undefined;
  let isHidden = false;
  const end = fieldsEnd(body, at, (keyAt, keyEnd, valueAt) => {
    switch (keyEnd - keyAt) {
      case 3:
        if (!isKey(body, keyAt, idKey)) break;
        id = plainText(body, valueAt);
        return id === undefined ? noEnd : valueAt + id.length + 2;
      case 2:
        if (!isKey(body, keyAt, tsKey)) break;
        ts = plainText(body, valueAt);
        return ts === undefined ? noEnd : valueAt + ts.length + 2;
      case 7:
        if (isKey(body, keyAt, hiddenKey)) isHidden = isTrue(body, valueAt);
        break;
      default:
    }
    return valueEnd(body, valueAt, levels);
  });
  if (end === noEnd || id === undefined || ts === undefined) return noEnd;
  rows.push({ _id: id, ts, _hidden: isHidden });
  return end;
}

const idKey = Buffer.from('_id');
const tsKey = Buffer.from('ts');
const hiddenKey = Buffer.from('_hidden');
const trueText = Buffer.from('true');

function isKey(body: Buffer, at: number, key: Buffer): boolean {
  for (let index = 0; index < key.length; index += 1) if (body[at + index] !== key[index]) return false;
  return true;
}

function isTrue(body: Buffer, at: number): boolean {
  return isKey(body, at, trueText);
}

/**
 * @param at of the object's first byte
 * @param fieldEnd called with the bytes of each key and where its value begins; returns where that ends
 */
function fieldsEnd(
  body: Buffer,
  at: number,
  fieldEnd: (keyAt: number, keyEnd: number, valueAt: number) => number,
): number {
  if (body[at] !== chars.openBrace) return noEnd;
  let end = behindSpace(body, at + 1);
  if (body[end] === chars.closeBrace) return end + 1;
  for (;;) {
    const keyAt = end + 1;
    const keyEnd = plainTextEnd(body, end);
    if (keyEnd === noEnd) return noEnd;
    end = behindSpace(body, keyEnd + 1);
    if (body[end] !== chars.colon) return noEnd;
    end = fieldEnd(keyAt, keyEnd, behindSpace(body, end + 1));
    if (end === noEnd) return noEnd;
    end = behindSpace(body, end);
    if (body[end] === chars.closeBrace) return end + 1;
    if (body[end] !== chars.comma) return noEnd;
    end = behindSpace(body, end + 1);
  }
}

function plainText(body: Buffer, at: number): string | undefined {
  const end = plainTextEnd(body, at);
  return end === noEnd ? undefined : body.toString('latin1', at + 1, end);
}

/** Of a text that stands in the bytes as it is. @returns the offset of the quote that ends it, or noEnd */
function plainTextEnd(body: Buffer, at: number): number {
  if (body[at] !== chars.quote) return noEnd;
  for (let end = at + 1; ; end += 1) {
    const byte = body[end];
    if (byte === chars.quote) return end;
    if (byte === undefined || byte < 0x20 || byte > 0x7e || byte === chars.backslash) return noEnd;
  }
}
