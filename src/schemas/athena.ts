import type { ColumnDescription } from '../model/column.ts';
import {
  filesFormat,
  folderColumn,
  type SchemaFormat,
  type SchemaRequest,
  type SchemaTable,
} from './schema-request.ts';
import { backQuoted, doubleQuoted, escapedLiteral, nestedLatest, sqlSchema } from './sql-text.ts';
import { typeName, type TypeNames } from './type-names.ts';

/** Source: Amazon Athena, "Data types in Amazon Athena". */
const names: TypeNames = {
  string: 'string',
  timestamp: 'timestamp',
  int: 'bigint',
  boolean: 'boolean',
  json: 'string',
  list: (element) => `array<${element}>`,
  struct: (fields) => `struct<${fields.map(([name, type]) => `${name}:${type}`).join(',')}>`,
};

/** The SerDe reads times of JSON as `2024-01-31 23:59:59` only: they stay text, and the views convert them. */
const jsonNames: TypeNames = { ...names, timestamp: 'string' };

/** Characters that Glue takes as the comment of a column. Source: AWS Glue API, "Column". */
const longestComment = 255;

export const athena: SchemaFormat = {
  reads: ['parquet', 'jsonl'],
  because: 'its reader of CSV (OpenCSVSerDe) takes a line break within a cell for the end of the row',
  location: 's3://your-bucket/your-archive',
  write: (request) =>
    sqlSchema(
      request,
      [
        'Athena runs one statement at a time. Times are UTC.',
        'A table reads every file below its folder: keep one format in the archive, or copy one elsewhere.',
        ...(request.partition === null ? [] : ['Run MSCK REPAIR TABLE again when a run has made new folders.']),
      ],
      tableText,
    ),
};

function tableText(table: SchemaTable, request: SchemaRequest): string {
  const { name, meaning, columns } = table;
  const partition = folderColumn(table, request);
  const isJson = filesFormat(request.files) === 'jsonl';
  return `
CREATE EXTERNAL TABLE IF NOT EXISTS ${backQuoted(name)} (
${columns.map((column) => `  ${columnText(column, isJson ? jsonNames : names)}`).join(',\n')}
)
COMMENT ${escapedLiteral(comment(meaning))}
${partition === null ? '' : `PARTITIONED BY (${backQuoted(partition)} string)\n`}${isJson ? jsonFormat : 'STORED AS PARQUET'}
LOCATION ${escapedLiteral(`${request.location}/${name}/`)};
${partition === null ? '' : `\nMSCK REPAIR TABLE ${backQuoted(name)};\n`}
CREATE OR REPLACE VIEW ${doubleQuoted(`latest_${name}`)} AS
${nestedLatest(table, isJson ? typedRows(table) : doubleQuoted(name), doubleQuoted)};
`;
}

const jsonFormat = `ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
STORED AS TEXTFILE`;

/** Comments in the table are for people: a long one is cut. */
function columnText({ name, type, meaning }: ColumnDescription, own: TypeNames): string {
  return `${backQuoted(name)} ${typeName(type, own)} COMMENT ${escapedLiteral(comment(meaning))}`;
}

function comment(text: string): string {
  return text.length <= longestComment ? text : `${text.slice(0, longestComment - 1)}…`;
}

function typedRows({ name, columns }: SchemaTable): string {
  const cells = columns.map((column) => {
    const cell = doubleQuoted(column.name);
    // A view holds no time with a zone: this is the time in UTC, which the text names.
    return column.type.kind === 'timestamp' ? `CAST(from_iso8601_timestamp(${cell}) AS timestamp) AS ${cell}` : cell;
  });
  return `(SELECT ${cells.join(', ')} FROM ${doubleQuoted(name)}) ${doubleQuoted('typed')}`;
}
