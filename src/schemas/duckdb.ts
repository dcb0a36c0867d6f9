import { isList } from '../model/column.ts';
import type { ColumnDescription, ColumnType } from '../model/column.ts';
import type { TableName } from '../model/table-name.ts';
import {
  filesFormat,
  folderColumn,
  type FileExtension,
  type SchemaFormat,
  type SchemaRequest,
  type SchemaTable,
} from './schema-request.ts';
import { doubleQuoted, runOfNewest, sqlSchema, textLiteral } from './sql-text.ts';
import { columnsInFiles, typeName, type TypeNames } from './type-names.ts';

/** Sources: duckdb.org/docs, "Data Types", "CSV Import", "JSON Loading", "Hive Partitioning". */
export const duckDbTypes: TypeNames = {
  string: 'VARCHAR',
  timestamp: 'TIMESTAMPTZ',
  int: 'BIGINT',
  boolean: 'BOOLEAN',
  json: 'JSON',
  list: (element) => `${element}[]`,
  struct: (fields) => `STRUCT(${fields.map(([name, type]) => `${doubleQuoted(name)} ${type}`).join(', ')})`,
};

/** Bytes of the longest line: DuckDB takes 2 MB of CSV and 16 MB of JSON by itself. */
const longestLineBytes = 64 << 20;

/** What DuckDB has to be told of the files of a table. */
interface DuckDbFiles {
  /** A text of SQL, a glob, or a list of texts. */
  readonly files: string;
  readonly extension: FileExtension;
  /** Those that any of the files has, in their order in CSV. */
  readonly columns: readonly ColumnDescription[];
  /** Only of CSV. */
  readonly delimiter?: string;
  /** The column that folders stand for; none: they are no column. */
  readonly partition?: 'room' | 'month' | null;
}

export const duckdb: SchemaFormat = {
  reads: ['parquet', 'jsonl', 'csv'],
  location: '',
  write: (request) => sqlSchema(request, duckDbAdvice, tableText),
};

function tableText(table: SchemaTable, request: SchemaRequest): string {
  const { name } = table;
  const prefix = request.location === '' ? '' : `${request.location}/`;
  const files = {
    files: textLiteral(`${prefix}${name}/**/*.${request.files}`),
    extension: request.files,
    columns: table.columns,
    partition: folderColumn(table, request),
  };
  return `\n${duckDbView(name, duckDbRows(files))}\n${duckDbLatest(name, name)}`;
}

/** What whoever runs the views must know. */
export const duckDbAdvice: readonly string[] = [
  "Start DuckDB in the folder of the archive, or say where that is: SET file_search_path = '/srv/archive/output/nightly';",
  "Timestamps are instants: SET TimeZone = 'UTC'; to have days and hours in UTC, or name your own zone.",
];

export function duckDbView(view: string, rows: string): string {
  return `CREATE OR REPLACE VIEW ${doubleQuoted(view)} AS\n${rows};\n`;
}

/** The view `latest_…` of a table: the current rows of what is in `from`. */
export function duckDbLatest(name: TableName, from: string): string {
  return duckDbView(
    `latest_${name}`,
    [
      `SELECT * FROM ${doubleQuoted(from)}`,
      `QUALIFY "run" = ${runOfNewest(name, doubleQuoted)} AND "op" IS DISTINCT FROM 'delete'`,
    ].join('\n'),
  );
}

/** A query of all rows in the files of a table, with the types of its columns. */
export function duckDbRows({ files, extension, columns, delimiter = ',', partition = null }: DuckDbFiles): string {
  const folders =
    partition === null
      ? 'hive_partitioning = false'
      : `hive_partitioning = true, hive_types = {'${partition}': VARCHAR}`;
  switch (filesFormat(extension)) {
    case 'parquet':
      return `SELECT * FROM read_parquet(${files}, union_by_name = true, ${folders})`;
    case 'jsonl': {
      // As JSON it would be a JSON text that holds another.
      const texts = columns.filter(({ type }) => type.kind === 'json').map(({ name }) => doubleQuoted(name));
      return `SELECT *${replacing(texts.map((name) => `${name}::JSON AS ${name}`))} FROM read_json(${files}, format = 'newline_delimited', ${folders},
  maximum_object_size = ${longestLineBytes}, columns = ${columnList(columns, { ...duckDbTypes, json: duckDbTypes.string })})`;
    }
    case 'csv': {
      const lists = columns.filter(({ type }) => isList(type));
      const parsed = lists.map(({ name, type }) => {
        return `from_json(${doubleQuoted(name)}, ${textLiteral(JSON.stringify(jsonStructure(type)))}) AS ${doubleQuoted(name)}`;
      });
      return `SELECT *${replacing(parsed)} FROM read_csv(${files}, auto_detect = false, header = true, ${folders},
  delim = ${textLiteral(delimiter)}, quote = '"', escape = '"', new_line = '\\n', nullstr = '', allow_quoted_nulls = false,
  max_line_size = ${longestLineBytes}, columns = ${columnList(columnsInFiles(columns, extension))})`;
    }
  }
}

function replacing(cells: readonly string[]): string {
  return cells.length === 0 ? '' : ` REPLACE (\n  ${cells.join(',\n  ')})`;
}

function columnList(columns: readonly ColumnDescription[], own = duckDbTypes): string {
  const types = columns.map(({ name, type }) => `${textLiteral(name)}: ${textLiteral(typeName(type, own))}`);
  return `{\n    ${types.join(',\n    ')}\n  }`;
}

/** What `from_json` makes of a list in CSV. */
function jsonStructure(type: ColumnType): unknown {
  if (type.kind === 'structs') {
    return [
      Object.fromEntries(
        type.fields.map(({ name, kind }) => [name, kind === 'strings' ? [duckDbTypes.string] : duckDbTypes[kind]]),
      ),
    ];
  }
  return [duckDbTypes.string];
}

/** A view of a table that is known to have no rows: a glob that finds no file is an error. */
export function duckDbNoRows(columns: readonly ColumnDescription[]): string {
  const cells = columns.map(({ name, type }) => `NULL::${typeName(type, duckDbTypes)} AS ${doubleQuoted(name)}`);
  return `SELECT\n  ${cells.join(',\n  ')}\nWHERE false`;
}
