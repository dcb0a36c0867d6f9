import { stringifyExact } from '../model/json/exact-json.ts';
import type { Row, Value } from '../model/column.ts';

/** An escaped lone surrogate, or any other escape, so that the `ud800` of an escaped backslash is not taken for one. */
const escapes = /\\ud[89a-f][0-9a-f]{2}|\\./g;
const surrogateEscapeLength = 6;

/**
 * JSON that every reader takes. Dates become RFC 3339 with milliseconds.
 *
 * Half of a surrogate pair, which a server can send but no UTF-8 text can hold, becomes U+FFFD. JSON.stringify would
 * escape it; then strict readers refuse the text, and DuckDB the whole file ("no low surrogate in string").
 */
export function jsonText(value: Value | Row): string {
  // Most lists of most messages.
  if (Array.isArray(value) && value.length === 0) return '[]';
  const text = stringifyExact(value);
  // JSON.stringify writes in this way lone surrogates only: pairs stay as they are.
  if (!text.includes('\\ud')) return text;
  return text.replace(escapes, (escape) => (escape.length === surrogateEscapeLength ? '\ufffd' : escape));
}
