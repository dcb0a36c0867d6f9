import type { ColumnDescription } from '../model/column.ts';
import {
  filesFormat,
  folderColumn,
  type FilesFormat,
  type SchemaFormat,
  type SchemaRequest,
  type SchemaTable,
} from './schema-request.ts';
import { backQuoted, escapedLiteral, nestedLatest, sqlSchema } from './sql-text.ts';
import { columnsInFiles, typeName, type TypeNames } from './type-names.ts';

/** Source: Spark SQL Reference, "Data Types". */
const names: TypeNames = {
  string: 'STRING',
  timestamp: 'TIMESTAMP',
  int: 'BIGINT',
  boolean: 'BOOLEAN',
  json: 'STRING',
  list: (element) => `ARRAY<${element}>`,
  struct: (fields) => `STRUCT<${fields.map(([name, type]) => `${backQuoted(name)}: ${type}`).join(', ')}>`,
};

/** Source: Spark SQL Guide, "CSV Files", "JSON Files", "Parquet Files". */
const sources: Readonly<Record<FilesFormat, string>> = {
  parquet: `USING PARQUET\nOPTIONS ('mergeSchema' 'true')`,
  jsonl: `USING JSON`,
  // Both are '' by default, and null is what equals nullValue: a text that no message holds keeps '' from being null.
  csv: `USING CSV\nOPTIONS ('header' 'true', 'quote' '"', 'escape' '"', 'multiLine' 'true', 'nullValue' '\\u0001', 'emptyValue' '', 'encoding' 'UTF-8', 'mode' 'FAILFAST')`,
};

export const spark: SchemaFormat = {
  reads: ['parquet', 'jsonl', 'csv'],
  location: 's3a://your-bucket/your-archive',
  write: (request) =>
    sqlSchema(
      request,
      [
        "Timestamps are instants: SET spark.sql.session.timeZone = 'UTC' to have days and hours in UTC.",
        'A table reads every file below its folder: keep one format in the archive, or copy one elsewhere.',
      ],
      tableText,
    ),
};

function tableText(table: SchemaTable, request: SchemaRequest): string {
  const { name, meaning } = table;
  const partition = folderColumn(table, request);
  const columns = columnsInFiles(table.columns, request.files).map(columnText);
  if (partition !== null) columns.push(`${backQuoted(partition)} STRING COMMENT 'The folder of the file.'`);
  return `
CREATE TABLE IF NOT EXISTS ${backQuoted(name)} (
${columns.map((column) => `  ${column}`).join(',\n')}
)
${sources[filesFormat(request.files)]}
${partition === null ? '' : `PARTITIONED BY (${backQuoted(partition)})\n`}COMMENT ${escapedLiteral(meaning)}
LOCATION ${escapedLiteral(`${request.location}/${name}`)};
${partition === null ? '' : `\nMSCK REPAIR TABLE ${backQuoted(name)};\n`}
CREATE OR REPLACE VIEW ${backQuoted(`latest_${name}`)} AS
${nestedLatest(table, backQuoted(name), backQuoted)};
`;
}

function columnText({ name, type, meaning }: ColumnDescription): string {
  return `${backQuoted(name)} ${typeName(type, names)} COMMENT ${escapedLiteral(meaning)}`;
}
