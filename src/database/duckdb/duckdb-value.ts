import type duckdbModule from '@duckdb/node-api';
import type { DuckDBValue } from '@duckdb/node-api';
import type { ColumnSpec, Row, StructValue, Value } from '../../model/column.ts';
import { isRecord } from '../../model/json/is-record.ts';
import { jsonText } from '../../sinks/json-text.ts';

type DuckDb = Pick<typeof duckdbModule, 'DuckDBTimestampTZValue' | 'listValue' | 'structValue'>;

const microsPerMs = 1000n;

/** How a column's values become those of DuckDB's own types. */
export function duckDbValue(duckdb: DuckDb, { name, type }: ColumnSpec): (row: Row) => DuckDBValue {
  const read = valueReader(duckdb, type.kind);
  return (row) => {
    const value = row[name];
    return value === null || value === undefined ? null : read(value);
  };
}

function valueReader(duckdb: DuckDb, kind: ColumnSpec['type']['kind']): (value: Value) => DuckDBValue {
  switch (kind) {
    case 'json':
      return (value) => jsonText(value);
    case 'strings':
    case 'structs':
      return (value) => listOf(duckdb, value);
    case 'string':
    case 'int':
    case 'boolean':
    case 'timestamp':
      return (value) => scalar(duckdb, value);
  }
}

function listOf(duckdb: DuckDb, value: unknown): DuckDBValue {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return duckdb.listValue(items.map((item) => (isStruct(item) ? structOf(duckdb, item) : scalar(duckdb, item))));
}

function structOf(duckdb: DuckDb, value: StructValue): DuckDBValue {
  const entries = Object.entries(value).map(([name, part]): [string, DuckDBValue] => [
    name,
    Array.isArray(part) ? listOf(duckdb, part) : scalar(duckdb, part),
  ]);
  return duckdb.structValue(Object.fromEntries(entries));
}

function isStruct(value: unknown): value is StructValue {
  return isRecord(value) && !(value instanceof Date);
}

function scalar({ DuckDBTimestampTZValue }: DuckDb, value: unknown): DuckDBValue {
  if (typeof value === 'number') return BigInt(value);
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  return value instanceof Date ? new DuckDBTimestampTZValue(BigInt(value.getTime()) * microsPerMs) : null;
}
