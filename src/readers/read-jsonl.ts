import { isRecord } from '../model/json/is-record.ts';
import type { Disk } from '../system/disk.ts';
import type { ColumnSpec, Row, Value } from '../model/column.ts';
import type { JsonValue } from '../model/json/json-value.ts';
import { FormatError } from './format-error.ts';
import { readText } from './read-text.ts';
import { parseJsonValue, valueReader } from './read-value.ts';
import { inRow, positionsOf, rowOfCells } from './row-of-cells.ts';

type JsonRecord = Readonly<Record<string, JsonValue | undefined>>;

/** Rows of a file of the JSONL sink. A column that a line does not have is null. @throws FormatError */
export async function* readJsonl(
  disk: Disk,
  path: string,
  columns: readonly ColumnSpec[],
): AsyncGenerator<readonly Row[]> {
  const toRow = rowOfCells(
    columns,
    columns.map((column): ((record: JsonRecord) => Value) => {
      const read = valueReader<JsonValue>(column, jsonOf);
      return (record) => read(record[column.name]);
    }),
  );
  let rows = 0;
  for await (const lines of jsonLines(disk, path)) {
    const batch = lines.map((line) => {
      rows += 1;
      return inRow(rows, () => {
        const record = parseRecord(line);
        // Once is enough: all lines of a file have the same keys.
        if (rows === 1) positionsOf(columns, Object.keys(record));
        return toRow(record);
      });
    });
    if (batch.length > 0) yield batch;
  }
}

/** The keys of the first line; null when there is none. */
export async function jsonlColumns(disk: Disk, path: string): Promise<readonly string[] | null> {
  for await (const [line] of jsonLines(disk, path)) {
    if (line !== undefined) return inRow(1, () => Object.keys(parseRecord(line)));
  }
  return null;
}

/** JSON text; files of schema version 1 hold the value itself, an object or a list and never a text. */
function jsonOf(value: JsonValue): JsonValue {
  return typeof value === 'string' ? parseJsonValue(value) : value;
}

function parseRecord(line: string): JsonRecord {
  const value = parseJsonValue(line);
  if (isRecord(value)) return value;
  throw new FormatError('it is no JSON object');
}

/** The lines that end in each piece of text. */
async function* jsonLines(disk: Disk, path: string): AsyncGenerator<readonly string[]> {
  /** Of a line that goes on in the next piece. */
  let begun: string[] = [];
  for await (const text of readText(disk, path)) {
    const [first = '', ...others] = text.split('\n');
    begun.push(first);
    const last = others.pop();
    if (last === undefined) continue;
    yield [begun.join(''), ...others];
    begun = last === '' ? [] : [last];
  }
  if (begun.length > 0) throw new FormatError('its last line has no end');
}
