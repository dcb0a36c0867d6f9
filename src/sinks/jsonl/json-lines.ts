import type { ColumnSpec, Value } from '../../model/column.ts';
import { jsonText } from '../json-text.ts';
import { RowLines } from '../row-lines.ts';
import type { TextBuffer } from '../text-buffer.ts';
import { putTimestamp } from '../timestamp-text.ts';

/** Lines of JSON as JSON.stringify would write them, except for half surrogate pairs, with a line feed behind each. */
export function jsonLines(columns: readonly ColumnSpec[]): RowLines {
  return new RowLines(
    columns.map((column, at) => ({
      before: `${at === 0 ? '{' : ','}${JSON.stringify(column.name)}:`,
      put: putOf(column),
    })),
    columns.length === 0 ? '{}\n' : '}\n',
  );
}

type PutValue = (value: Value, line: TextBuffer) => void;

function putOf({ type }: ColumnSpec): PutValue {
  switch (type.kind) {
    case 'string':
      return putString;
    case 'timestamp':
      return putTime;
    case 'json':
      return putJson;
    case 'int':
    case 'boolean':
      return putPlain;
    case 'strings':
      return putStrings;
    case 'structs':
      return putAny;
  }
}

function putString(value: Value, line: TextBuffer): void {
  if (typeof value === 'string') line.putJson(value);
  else putAny(value, line);
}

function putTime(value: Value, line: TextBuffer): void {
  if (!(value instanceof Date)) {
    putAny(value, line);
    return;
  }
  line.put(quote);
  putTimestamp(value, line);
  line.put(quote);
}

/** Text, as in the other formats: readers would make a type of what the first rows hold, and drop the keys of others. */
function putJson(value: Value, line: TextBuffer): void {
  if (value === null) putAny(value, line);
  else line.putJson(jsonText(value));
}

/** Of what needs no escapes. */
function putPlain(value: Value, line: TextBuffer): void {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value))) {
    line.putText(String(value));
  } else {
    putAny(value, line);
  }
}

function putStrings(value: Value, line: TextBuffer): void {
  if (!isStrings(value)) {
    putAny(value, line);
    return;
  }
  let before = open;
  for (const text of value) {
    line.put(before);
    line.putJson(text);
    before = comma;
  }
  if (value.length === 0) line.put(open);
  line.put(close);
}

function isStrings(value: Value): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function putAny(value: Value, line: TextBuffer): void {
  // Most of those that differ from row to row.
  if (value === null) line.put(nullBytes);
  else line.putText(jsonText(value));
}

const quote = Buffer.from('"');
const nullBytes = Buffer.from('null');
const [open, comma, close] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];
