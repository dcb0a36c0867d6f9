import type { JsonValue } from './json-value.ts';
import { ExactNumber } from './exact-number.ts';
import { holdsLongNumber, isLongNumber, mayHoldLongNumber } from './long-numbers.ts';
import { parseJsonText } from './parse-json-text.ts';

/** A string, with the colon after it where it is a key; or a number. */
const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** What strings begin with that stand for exact numbers (`n`) or begin so themselves (`s`) on the way through JSON. */
const mark = '\u0001';
const markInJson = String.raw`"\u0001`;

/**
 * JSON.parse, except for numbers that it would round: those become `ExactNumber`. A text without any, which is nearly every
 * one, costs a glance, and one of long digits within texts one look at all of it. (Node 20 has neither a reviver that sees
 * the source nor JSON.rawJSON.)
 *
 * @throws SyntaxError
 */
export function parseExactJson(text: string): JsonValue {
  // It itself says whether it is JSON: tokens are told apart only in what is.
  const rounded = parseJsonText(text);
  if (!mayHoldLongNumber(text) || !holdsLongNumber(text)) return rounded;
  const marked = text.replace(tokens, (token, colon: string | undefined) => {
    if (token.startsWith('"')) {
      return colon === undefined && token.startsWith(markInJson)
        ? `${markInJson}s${token.slice(markInJson.length)}`
        : token;
    }
    return isLongNumber(token) ? `${markInJson}n${token}"` : token;
  });
  return parseJsonText(marked, (_, value) => {
    if (typeof value !== 'string' || !value.startsWith(mark)) return value;
    return value.startsWith(`${mark}n`) ? new ExactNumber(value.slice(2)) : mark + value.slice(2);
  });
}

/** JSON.stringify, exact numbers as they were read. */
export function stringifyExact(value: unknown): string {
  const before = ExactNumber.written;
  const text = JSON.stringify(value);
  if (ExactNumber.written === before) return text;
  const marked = JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, part: unknown) {
    const source = this[key];
    if (source instanceof ExactNumber) return `${mark}n${String(source)}`;
    return typeof part === 'string' && part.startsWith(mark) ? `${mark}s${part.slice(mark.length)}` : part;
  });
  return marked.replace(tokens, (token, colon: string | undefined) => {
    if (colon !== undefined || !token.startsWith(markInJson)) return token;
    const rest = token.slice(markInJson.length + 1);
    return token[markInJson.length] === 'n' ? rest.slice(0, -1) : markInJson + rest;
  });
}
