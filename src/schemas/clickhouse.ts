import { isList } from '../model/column.ts';
import type { ColumnDescription } from '../model/column.ts';
import { rowKeys } from '../tables/rows/row-key.ts';
import {
  filesFormat,
  type FilesFormat,
  type SchemaFormat,
  type SchemaRequest,
  type SchemaTable,
} from './schema-request.ts';
import { backQuoted, escapedLiteral, nestedLatest, sqlSchema } from './sql-text.ts';
import { columnsInFiles, typeName, type TypeNames } from './type-names.ts';

/**
 * Fields of structs may be null, lists may not. DateTime64(3) ends with the year 2299. Source: ClickHouse documentation,
 * "Data types", "Nullable".
 */
const names: TypeNames = {
  string: 'String',
  timestamp: `DateTime64(3, 'UTC')`,
  int: 'Int64',
  boolean: 'Bool',
  json: 'String',
  list: (element) => `Array(${element})`,
  struct: (fields) => `Tuple(${fields.map(([name, type]) => `${backQuoted(name)} ${fieldType(type)}`).join(', ')})`,
};

function fieldType(type: string): string {
  return type.startsWith('Array(') ? type : `Nullable(${type})`;
}

/** Source: ClickHouse documentation, "Format settings". */
const settings: Readonly<Record<FilesFormat, readonly string[]>> = {
  // Else JSON is parsed and written anew.
  parquet: ['input_format_null_as_default = 1', 'input_format_parquet_enable_json_parsing = 0'],
  jsonl: ['input_format_null_as_default = 1', `date_time_input_format = 'best_effort'`],
  csv: [
    'input_format_csv_empty_as_default = 1',
    `format_csv_null_representation = ''`,
    `date_time_input_format = 'best_effort'`,
  ],
};

const formatNames: Readonly<Record<FilesFormat, string>> = {
  parquet: 'Parquet',
  jsonl: 'JSONEachRow',
  csv: 'CSVWithNames',
};

export const clickhouse: SchemaFormat = {
  reads: ['parquet', 'jsonl', 'csv'],
  location: 'https://your-bucket.s3.amazonaws.com/your-archive',
  write: (request) =>
    sqlSchema(
      request,
      [
        'INSERT appends: load each file once. There is no null list: one of a deleted message is empty.',
        "For files on the server write file('path', …) in the place of s3('address', …).",
      ],
      tableText,
    ),
};

function tableText(table: SchemaTable, { files, location }: SchemaRequest): string {
  const { name, meaning } = table;
  const columns = columnsInFiles(table.columns, files);
  const format = filesFormat(files);
  const has = (column: string): boolean => columns.some((known) => known.name === column);
  // One INSERT fills 100 partitions at most: months are too many for ten years of messages.
  const order = [...(has('ts') ? ['room_id', 'ts'] : []), ...rowKeys[name], 'run'].map(backQuoted).join(', ');
  return `
CREATE TABLE IF NOT EXISTS ${backQuoted(name)} (
${columns.map((column) => `  ${columnText(column)}`).join(',\n')}
)
ENGINE = MergeTree
${has('ts') ? `PARTITION BY toYear(${backQuoted('ts')})\n` : ''}ORDER BY (${order})
COMMENT ${escapedLiteral(meaning)};

INSERT INTO ${backQuoted(name)}
SELECT ${columns.map((column) => backQuoted(column.name)).join(', ')}
FROM s3(${escapedLiteral(`${location}/${name}/**.${files}`)}, '${formatNames[format]}', ${structure(columns)})
SETTINGS ${settings[format].join(', ')};

CREATE OR REPLACE VIEW ${backQuoted(`latest_${name}`)} AS
${nestedLatest(table, backQuoted(name), backQuoted)};
`;
}

function columnText(column: ColumnDescription): string {
  return `${backQuoted(column.name)} ${clickHouseType(column)} COMMENT ${escapedLiteral(column.meaning)}`;
}

/** Files would be taken for what their first rows look like. */
function structure(columns: readonly ColumnDescription[]): string {
  return escapedLiteral(columns.map((column) => `${backQuoted(column.name)} ${clickHouseType(column)}`).join(', '));
}

function clickHouseType({ type, nullable }: ColumnDescription): string {
  const name = typeName(type, names);
  return nullable && !isList(type) ? `Nullable(${name})` : name;
}
