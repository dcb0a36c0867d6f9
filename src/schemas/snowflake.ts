import type { ColumnDescription } from '../model/column.ts';
import {
  filesFormat,
  type FilesFormat,
  type SchemaFormat,
  type SchemaRequest,
  type SchemaTable,
} from './schema-request.ts';
import { doubleQuoted, escapedLiteral, qualifiedLatest, sqlSchema, type Quote } from './sql-text.ts';
import { columnsInFiles, typeName, type TypeNames } from './type-names.ts';

/** Lists of any kind are ARRAY; JSON stays text, for PARSE_JSON makes doubles of long numbers. Source: Snowflake, "Data types". */
const names: TypeNames = {
  string: 'VARCHAR',
  timestamp: 'TIMESTAMP_TZ(3)',
  int: 'NUMBER(19, 0)',
  boolean: 'BOOLEAN',
  json: 'VARCHAR',
  list: () => 'ARRAY',
  struct: () => 'OBJECT',
};

/** Upper case is what Snowflake takes a name without quotes for: queries need none. */
const quote: Quote = (name) => doubleQuoted(name.toUpperCase());

/** Source: Snowflake, "CREATE FILE FORMAT". */
const fileFormats: Readonly<Record<FilesFormat, string>> = {
  // The vectorized scanner reads lists of three levels as arrays.
  parquet: 'TYPE = PARQUET USE_LOGICAL_TYPE = TRUE USE_VECTORIZED_SCANNER = TRUE',
  jsonl: 'TYPE = JSON COMPRESSION = AUTO',
  // An empty field is null, a quoted one an empty text; no word stands for null. Files of older programs, or of jobs that
  // drop columns, have fewer columns than the table: an error unless it is said that this may be.
  csv: `TYPE = CSV COMPRESSION = AUTO PARSE_HEADER = TRUE ERROR_ON_COLUMN_COUNT_MISMATCH = FALSE FIELD_OPTIONALLY_ENCLOSED_BY = '"' EMPTY_FIELD_AS_NULL = TRUE NULL_IF = ()`,
};

export const snowflake: SchemaFormat = {
  reads: ['parquet', 'jsonl', 'csv'],
  location: 's3://your-bucket/your-archive',
  write: (request) =>
    sqlSchema(
      request,
      [
        'The stage needs a storage integration or credentials: see CREATE STAGE. COPY remembers for 64 days which files it has loaded.',
      ],
      tableText,
      `
CREATE OR REPLACE FILE FORMAT ${quote('rocketchat_files')} ${fileFormats[filesFormat(request.files)]};

CREATE STAGE IF NOT EXISTS ${quote('rocketchat_archive')}
  URL = ${escapedLiteral(`${request.location}/`)};
`,
    ),
};

function tableText(table: SchemaTable, { files }: SchemaRequest): string {
  const { name, meaning } = table;
  const columns = columnsInFiles(table.columns, files);
  return `
CREATE TABLE IF NOT EXISTS ${quote(name)} (
${columns.map((column) => `  ${columnText(column)}`).join(',\n')}
)
COMMENT = ${escapedLiteral(meaning)};

COPY INTO ${quote(name)}
FROM @${quote('rocketchat_archive')}/${name}/
PATTERN = ${escapedLiteral(`.*[.]${files.replaceAll('.', '[.]')}`)}
FILE_FORMAT = (FORMAT_NAME = ${quote('rocketchat_files')})
MATCH_BY_COLUMN_NAME = CASE_INSENSITIVE;

CREATE OR REPLACE VIEW ${quote(`latest_${name}`)} AS
${qualifiedLatest(table, quote(name), quote)};
`;
}

function columnText({ name, type, nullable, meaning }: ColumnDescription): string {
  return `${quote(name)} ${typeName(type, names)}${nullable ? '' : ' NOT NULL'} COMMENT ${escapedLiteral(meaning)}`;
}
