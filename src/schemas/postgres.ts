import type { ColumnDescription } from '../model/column.ts';
import { hasSeveralRows, rowKeys } from '../tables/rows/row-key.ts';
import type { SchemaFormat, SchemaRequest, SchemaTable } from './schema-request.ts';
import { doubleQuoted, nestedLatest, sqlSchema, textLiteral } from './sql-text.ts';
import { columnsInFiles, typeName, type TypeNames } from './type-names.ts';

/** Lists come as JSON text, so they are jsonb. Source: PostgreSQL documentation, "Data Types". */
export const postgresTypes: TypeNames = {
  string: 'text',
  timestamp: 'timestamptz(3)',
  int: 'bigint',
  boolean: 'boolean',
  json: 'jsonb',
  list: () => 'jsonb',
  struct: () => 'jsonb',
};

export const postgres: SchemaFormat = {
  reads: ['csv'],
  because: 'its COPY reads CSV only',
  location: '.',
  write: (request) =>
    sqlSchema(
      request,
      ['PostgreSQL 15 or newer. COPY appends: load each file once. No text of PostgreSQL holds the character U+0000.'],
      tableText,
    ),
};

function tableText(table: SchemaTable, request: SchemaRequest): string {
  const { name, meaning } = table;
  const columns = columnsInFiles(table.columns, request.files);
  const key = [...rowKeys[name], 'run', ...(hasSeveralRows(name) ? ['position'] : [])].map(doubleQuoted).join(', ');
  return `
CREATE TABLE IF NOT EXISTS ${doubleQuoted(name)} (
${columns.map((column) => `  ${columnText(column)},`).join('\n')}
  UNIQUE NULLS NOT DISTINCT (${key})
);
COMMENT ON TABLE ${doubleQuoted(name)} IS ${textLiteral(meaning)};
${columns.map((column) => commentText(table, column)).join('\n')}
${loadLine(name, request)}

CREATE OR REPLACE VIEW ${doubleQuoted(`latest_${name}`)} AS
${nestedLatest(table, doubleQuoted(name), doubleQuoted)};
`;
}

function columnText({ name, type, nullable }: ColumnDescription): string {
  return `${doubleQuoted(name)} ${typeName(type, postgresTypes)}${nullable ? '' : ' NOT NULL'}`;
}

function commentText(table: SchemaTable, { name, meaning }: ColumnDescription): string {
  return `COMMENT ON COLUMN ${doubleQuoted(table.name)}.${doubleQuoted(name)} IS ${textLiteral(meaning)};`;
}

/** A line of psql. An empty field is null, a quoted one an empty text, which is what COPY takes them for by itself. */
function loadLine(name: string, { files, location }: SchemaRequest): string {
  const path = `${location}/${name}/run-000001-0001.${files}`;
  const programs: Readonly<Record<string, string>> = { 'csv.gz': 'gunzip -c ', 'csv.zst': 'zstd -dc ' };
  const program = programs[files] ?? '';
  const from = program === '' ? textLiteral(path) : `PROGRAM ${textLiteral(program + path)}`;
  return `-- \\copy ${doubleQuoted(name)} FROM ${from} WITH (FORMAT csv, HEADER match, ENCODING 'UTF8')`;
}
