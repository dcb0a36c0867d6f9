import type { ColumnType, Row, Value } from '../../../src/model/column.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { columnsOf } from '../archives/rows-archive.ts';

const texts = [
  ...['', ' ', '\\', '\\.', 'a\n\\.\nb', '\\N', '\\n', 'tab\there', 'two\r\nlines', '"quoted", \'single\'; --'],
  ...['日本 👍🏽', 'a\ufeffmark', '$$ $1 %s', '\u2028\u0001', 'null', 'NULL', '{"a":1}', '{1,2}', '=1+1', '\\x41'],
];
const times = [0, 1, Date.UTC(2024, 1, 29, 23, 59, 59, 999), Date.UTC(1969, 11, 31, 23, 59, 59, 1)];
const numbers = [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 7];
const json: readonly Value[] = [
  { deep: { er: [1, null, 'x', { '': [] }] }, 'ké"y': '\\u0000 is no nul', n: 1.5e300 },
  [],
  [[['a\nb']]],
  { '1': true, a: '\t' },
];

const nth = <T>(values: readonly T[], at: number): T => {
  const value = values[at % values.length];
  if (value === undefined) throw new Error('No values');
  return value;
};

function cell(type: ColumnType, at: number): Value {
  switch (type.kind) {
    case 'string':
      return nth(texts, at);
    case 'timestamp':
      return new Date(nth(times, at));
    case 'int':
      return nth(numbers, at);
    case 'boolean':
      return at % 2 === 0;
    case 'json':
      return nth(json, at);
    case 'strings':
      return Array.from({ length: at % 3 }, (_, index) => nth(texts, at + index));
    case 'structs':
      return Array.from({ length: at % 3 }, (_, index) =>
        Object.fromEntries(
          type.fields.map(({ name, kind }, field) => [name, cell({ kind }, at + index + field) as string]),
        ),
      );
  }
}

/** Rows of a table with values in every column that databases trip over; what is in `fields` stands as it is there. */
export function nastyTableRows(table: TableName, count: number, fields: (at: number) => Row): readonly Row[] {
  return Array.from({ length: count }, (_, at) => ({
    ...Object.fromEntries(
      columnsOf(table).map(({ name, type, nullable }, column) => [
        name,
        nullable && (at + column) % 5 === 4 ? null : cell(type, at * 3 + column),
      ]),
    ),
    ...fields(at),
  }));
}
