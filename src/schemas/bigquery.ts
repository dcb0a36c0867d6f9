import { isList } from '../model/column.ts';
import type { ColumnDescription } from '../model/column.ts';
import { filesFormat, type SchemaFormat, type SchemaRequest, type SchemaTable } from './schema-request.ts';
import { backQuoted, escapedLiteral, qualifiedLatest, sqlSchema } from './sql-text.ts';
import { columnsInFiles, typeName, type TypeNames } from './type-names.ts';

/** JSON stays text: PARSE_JSON rounds numbers that no double holds. Source: BigQuery, "Data types". */
const names: TypeNames = {
  string: 'STRING',
  timestamp: 'TIMESTAMP',
  int: 'INT64',
  boolean: 'BOOL',
  json: 'STRING',
  list: (element) => `ARRAY<${element}>`,
  struct: (fields) => `STRUCT<${fields.map(([name, type]) => `${backQuoted(name)} ${type}`).join(', ')}>`,
};

export const bigquery: SchemaFormat = {
  reads: ['parquet', 'jsonl', 'csv'],
  location: 'gs://your-bucket/your-archive',
  write: (request) =>
    sqlSchema(
      request,
      [
        'Run it with a default dataset: bq query --use_legacy_sql=false --dataset_id=your_dataset < schema.sql',
        'LOAD DATA appends: load each file once, such as one run by …/run-000002-*. BigQuery has no null list: one of a deleted message is empty.',
        ...(filesFormat(request.files) === 'csv'
          ? [
              'An empty field of CSV in a column of STRING becomes an empty text, not null: Parquet and JSONL keep the two apart.',
            ]
          : []),
        // An array of mode REPEATED is not optional.
        ...(filesFormat(request.files) === 'jsonl'
          ? [
              'A null list of JSON fails the load ("Only optional fields can be set to NULL"): rows of deleted messages have some, so load Parquet where there are any.',
            ]
          : []),
      ],
      tableText,
    ),
};

function tableText(table: SchemaTable, request: SchemaRequest): string {
  const { name, meaning } = table;
  const columns = columnsInFiles(table.columns, request.files);
  const has = (column: string): boolean => columns.some((known) => known.name === column);
  const layout = [
    // A table has some thousand partitions at most: days are too many for ten years of messages.
    ...(has('ts') ? [`PARTITION BY TIMESTAMP_TRUNC(${backQuoted('ts')}, MONTH)`] : []),
    ...(has('room_id') ? [`CLUSTER BY ${backQuoted('room_id')}`] : []),
  ];
  return `
CREATE TABLE IF NOT EXISTS ${backQuoted(name)} (
${columns.map((column) => `  ${columnText(column)}`).join(',\n')}
)
${layout.map((line) => `${line}\n`).join('')}OPTIONS (description = ${escapedLiteral(meaning)});

LOAD DATA INTO ${backQuoted(name)}
FROM FILES (
  ${loadOptions(name, request).join(',\n  ')}
);

CREATE OR REPLACE VIEW ${backQuoted(`latest_${name}`)} AS
${qualifiedLatest(table, backQuoted(name), backQuoted)};
`;
}

/** A list is REPEATED, which takes no NOT NULL. */
function columnText({ name, type, nullable, meaning }: ColumnDescription): string {
  const mode = nullable || isList(type) ? '' : ' NOT NULL';
  return `${backQuoted(name)} ${typeName(type, names)}${mode} OPTIONS (description = ${escapedLiteral(meaning)})`;
}

/** Source: BigQuery, "LOAD DATA statement". `*` matches slashes, too: files in folders of partitions are found. */
function loadOptions(name: string, { files, location }: SchemaRequest): readonly string[] {
  const uris = `uris = [${escapedLiteral(`${location}/${name}/*.${files}`)}]`;
  switch (filesFormat(files)) {
    case 'parquet':
      // Else a list is a struct `list` of structs `element`.
      return [`format = 'PARQUET'`, uris, 'enable_list_inference = TRUE'];
    case 'jsonl':
      return [`format = 'JSON'`, uris];
    case 'csv':
      return [`format = 'CSV'`, uris, 'skip_leading_rows = 1', 'allow_quoted_newlines = TRUE', `encoding = 'UTF-8'`];
  }
}
