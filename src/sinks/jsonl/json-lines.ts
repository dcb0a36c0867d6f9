import type { ColumnSpec, Value } from '../../model/column.ts';
import { jsonText } from '../json-text.ts';
import { RowLines } from '../row-lines.ts';
import { timestampText } from '../timestamp-text.ts';

/** Lines of JSON as JSON.stringify would write them, except for half surrogate pairs, with a line feed behind each. */
export function jsonLines(columns: readonly ColumnSpec[]): RowLines {
  return new RowLines(
    columns.map((column, at) => ({
      before: `${at === 0 ? '{' : ','}${JSON.stringify(column.name)}:`,
      text: textOf(column),
    })),
    columns.length === 0 ? '{}\n' : '}\n',
  );
}

function textOf({ type }: ColumnSpec): (value: Value) => string {
  switch (type.kind) {
    case 'string':
      return (value) => (typeof value === 'string' ? stringText(value) : jsonText(value));
    case 'timestamp':
      return timestampJson;
    case 'int':
    case 'boolean':
      return plainText;
    case 'json':
      // Text, as in the other formats: readers would make a type of what the first rows hold, and drop the keys of others.
      return (value) => (value === null ? 'null' : stringText(jsonText(value)));
    case 'strings':
    case 'structs':
      return jsonText;
  }
}

/** Of what needs no escapes. */
function plainText(value: Value): string {
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value))
    ? String(value)
    : jsonText(value);
}

/** What JSON.stringify escapes, and surrogates, of which only some are halves. */
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/;

function stringText(text: string): string {
  return escaped.test(text) ? jsonText(text) : `"${text}"`;
}

function timestampJson(value: Value): string {
  return value instanceof Date ? `"${timestampText(value)}"` : jsonText(value);
}
