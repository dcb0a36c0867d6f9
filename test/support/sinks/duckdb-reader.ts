import {
  DuckDBInstance,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { ColumnSpec, ColumnType, StructField } from '../../../src/model/column.ts';
import { parseCell } from './parse-cell.ts';

type ReadRow = Readonly<Record<string, unknown>>;

/** A reader that shares no code with the writers. */
export class DuckDbReader {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<DuckDbReader> {
    const instance = await DuckDBInstance.create();
    return new DuckDbReader(instance, await instance.connect());
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async query(sql: string): Promise<ReadRow[]> {
    const answer = await this.#connection.runAndReadAll(sql);
    return answer
      .getRowObjects()
      .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plainValue(value)])));
  }

  /** Types come from the file. */
  async readParquet(path: string, columns: readonly ColumnSpec[]): Promise<ReadRow[]> {
    return parseJson(await this.query(`FROM read_parquet('${path}')`), columns, ['json']);
  }

  async readJsonl(path: string, columns: readonly ColumnSpec[]): Promise<ReadRow[]> {
    const types = columns.map(({ name, type }) => `${name}: '${jsonlType(type)}'`).join(', ');
    const rows = await this.query(`FROM read_json('${path}', format = 'newline_delimited', columns = {${types}})`);
    return parseJson(rows, columns, ['json']);
  }

  /** DuckDB reads `""` and the empty field alike, as null. */
  async readCsv(path: string, columns: readonly ColumnSpec[]): Promise<ReadRow[]> {
    const types = columns.map(({ name, type }) => `'${name}': '${csvType(type)}'`).join(', ');
    const rows = await this.query(
      `FROM read_csv('${path}', auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
        new_line = '\\n', max_line_size = 8000000, columns = {${types}})`,
    );
    return parseJson(rows, columns, ['json', 'strings', 'structs']);
  }
}

function parseJson(rows: ReadRow[], columns: readonly ColumnSpec[], kinds: readonly string[]): ReadRow[] {
  const parsed = columns.filter(({ type }) => kinds.includes(type.kind));
  return rows.map((row) => {
    const cells = parsed.map(({ name, type }) => {
      const text = row[name];
      return [name, typeof text === 'string' ? parseCell(text, type) : text] as const;
    });
    return { ...row, ...Object.fromEntries(cells) };
  });
}

function plainValue(value: DuckDBValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) {
    return Number(value.micros / 1000n);
  }
  if (value instanceof DuckDBListValue) return value.items.map(plainValue);
  if (value instanceof DuckDBStructValue) {
    return Object.fromEntries(Object.entries(value.entries).map(([name, part]) => [name, plainValue(part)]));
  }
  return value;
}

const scalarTypes = { string: 'VARCHAR', timestamp: 'TIMESTAMPTZ', int: 'BIGINT', boolean: 'BOOLEAN', json: 'JSON' };

function jsonlType(type: ColumnType): string {
  switch (type.kind) {
    case 'strings':
      return 'VARCHAR[]';
    case 'structs':
      return `STRUCT(${type.fields.map(fieldType).join(', ')})[]`;
    case 'json':
      // Text in the file: what it holds is for the query to parse.
      return 'VARCHAR';
    case 'string':
    case 'timestamp':
    case 'int':
    case 'boolean':
      return scalarTypes[type.kind];
  }
}

function fieldType({ name, kind }: StructField): string {
  return `${name} ${kind === 'strings' ? 'VARCHAR[]' : scalarTypes[kind]}`;
}

function csvType({ kind }: ColumnType): string {
  return kind === 'strings' || kind === 'structs' || kind === 'json' ? 'VARCHAR' : scalarTypes[kind];
}
