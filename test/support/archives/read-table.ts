import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { DuckDbReader } from '../sinks/duckdb-reader.ts';
import type { ContractColumn } from '../expected/contract-columns.ts';

export type ReadRow = Readonly<Record<string, unknown>>;

export interface TableReader {
  /** Completes "read by …". */
  readonly name: string;
  /** File ending of what it reads. */
  readonly extension: string;
  /** Rows in the order of the file: timestamps as epoch milliseconds, integers as numbers, json parsed. */
  readonly read: (path: string, columns: readonly ContractColumn[]) => Promise<readonly ReadRow[]>;
}

/** Readers that share no code with what wrote the files. They are told the published types, and nothing else. */
export function tableReaders(duckDb: DuckDbReader): readonly TableReader[] {
  return [
    {
      ...{ name: 'DuckDB', extension: 'csv' },
      read: async (path, columns) =>
        parseCells(
          await duckDb.query(
            // Quoted it is the empty string, else null.
            `${selectAll(columns)} FROM read_csv('${path}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
              new_line = '\\n', allow_quoted_nulls = false, columns = {${columnsSql(columns, (type) => (isPlain(type) ? sqlType(type) : 'VARCHAR'))}})`,
          ),
          columns.filter(({ type }) => !isPlain(type)),
        ),
    },
    {
      ...{ name: 'DuckDB', extension: 'jsonl' },
      read: async (path, columns) =>
        parseCells(
          await duckDb.query(
            `${selectAll(columns)} FROM read_json('${path}', format = 'newline_delimited', columns = {${columnsSql(columns, (type) => (type === 'json' ? 'VARCHAR' : sqlType(type)))}})`,
          ),
          columns.filter(({ type }) => type === 'json'),
        ),
    },
    {
      ...{ name: 'DuckDB', extension: 'parquet' },
      read: async (path, columns) =>
        parseCells(
          await duckDb.query(`${selectAll(columns)} FROM read_parquet('${path}')`),
          columns.filter(({ type }) => type === 'json'),
        ),
    },
    {
      ...{ name: 'hyparquet', extension: 'parquet' },
      read: async (path) => {
        const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path), compressors, parsers });
        // A list that is null is undefined to it.
        return rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value) ?? null])),
        );
      },
    },
  ];
}

/** Its own takes a byte order mark off every string that begins with one. */
const parsers = {
  stringFromBytes: (bytes?: Uint8Array) => (bytes === undefined ? undefined : Buffer.from(bytes).toString()),
};

const isPlain = (type: string): boolean => type !== 'json' && !type.startsWith('list<');

/** DuckDB's binding takes a byte order mark off every string that begins with one: so it gets one to take. */
function selectAll(columns: readonly ContractColumn[]): string {
  const strings = columns.filter(({ type }) => type === 'string');
  return `SELECT * REPLACE (${strings.map(({ name }) => `chr(65279) || "${name}" AS "${name}"`).join(', ')})`;
}

function columnsSql(columns: readonly ContractColumn[], toSql: (type: string) => string): string {
  return columns.map(({ name, type }) => `'${name}': '${toSql(type)}'`).join(', ');
}

function sqlType(type: string): string {
  return type
    .replaceAll('list<string>', 'VARCHAR[]')
    .replace(/^list<struct\{(.*)\}>$/, 'STRUCT($1)[]')
    .replaceAll(/\bstring\b/g, 'VARCHAR')
    .replaceAll(/\bint\b/g, 'BIGINT')
    .replaceAll(/\btimestamp\b/g, 'TIMESTAMPTZ')
    .replaceAll(/\bboolean\b/g, 'BOOLEAN')
    .replaceAll(/\bjson\b/g, 'JSON');
}

function parseCells(rows: readonly ReadRow[], columns: readonly ContractColumn[]): readonly ReadRow[] {
  return rows.map((row) => ({
    ...row,
    ...Object.fromEntries(
      columns.map(({ name }) => [name, typeof row[name] === 'string' ? JSON.parse(row[name]) : row[name]]),
    ),
  }));
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  // By its tag: hyparquet's Date may be that of another realm.
  if (Object.prototype.toString.call(value) === '[object Date]') return (value as Date).getTime();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
  }
  return value;
}
