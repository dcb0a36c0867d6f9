import { DuckDBInstance } from '@duckdb/node-api';
import sqlite from 'node-sqlite3-wasm';
import pg from 'pg';
import type { DatabaseTarget } from '../../../src/model/run/database-target.ts';
import { contractColumns } from '../expected/contract-columns.ts';
import type { ReadRow } from '../archives/read-table.ts';
import { DuckDbReader } from '../sinks/duckdb-reader.ts';

/** Asks a database by its own client; numbers come as numbers. */
export async function queryDatabase(target: DatabaseTarget, sql: string): Promise<readonly ReadRow[]> {
  switch (target.kind) {
    case 'postgres': {
      const client = new pg.Client({ connectionString: target.url });
      await client.connect();
      try {
        pg.types.setTypeParser(pg.types.builtins.INT8, Number);
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    }
    case 'sqlite': {
      const database = new sqlite.Database(target.path);
      try {
        return database.all(sql);
      } finally {
        database.close();
      }
    }
    case 'duckdb': {
      const instance = await DuckDBInstance.create(target.path, { access_mode: 'READ_ONLY' });
      const reader = new DuckDbReader(instance, await instance.connect());
      try {
        return await reader.query(sql);
      } finally {
        reader.close();
      }
    }
  }
}

/** Every row of a table or view in a database, as `readArchiveTable` has them: times as epoch milliseconds, JSON parsed. */
export async function readDatabaseTable(
  target: DatabaseTarget,
  table: string,
  view = table,
): Promise<readonly ReadRow[]> {
  const columns = contractColumns(table, { md: false });
  const isParsed = (type: string): boolean => type === 'json' || type.startsWith('list<');
  const selected = columns.map(({ name, type }) => {
    if (target.kind === 'postgres' && type === 'timestamp') {
      return `(extract(epoch from "${name}") * 1000)::bigint AS "${name}"`;
    }
    // The binding takes a byte order mark off every string that begins with one: so it gets one to take.
    if (target.kind === 'duckdb' && type === 'string') return `chr(65279) || "${name}" AS "${name}"`;
    return `"${name}"`;
  });
  const rows = await queryDatabase(target, `SELECT ${selected.join(', ')} FROM "${view}"`);
  const readers: Readonly<Record<DatabaseTarget['kind'], (value: unknown, type: string) => unknown>> = {
    postgres: (value) => value,
    duckdb: (value, type) => (type === 'json' ? parsed(value) : value),
    sqlite: (value, type) => {
      if (value === null) return null;
      if (type === 'timestamp') return Date.parse(textOf(value));
      if (type === 'boolean') return value === 1;
      return isParsed(type) ? withTimes(parsed(value), type) : value;
    },
  };
  const read = readers[target.kind];
  return rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name, type }) => [
        name,
        target.kind === 'postgres' && isParsed(type) ? withTimes(row[name], type) : read(row[name], type),
      ]),
    ),
  );
}

/** Within structs times are text in JSON, and epoch milliseconds where DuckDB reads them. */
function withTimes(value: unknown, type: string): unknown {
  const names = [...type.matchAll(/(\w+) timestamp/g)].map(([, name = '']) => name);
  if (names.length === 0 || !Array.isArray(value)) return value;
  return value.map((item: Readonly<Record<string, unknown>>) => ({
    ...item,
    ...Object.fromEntries(names.map((name) => [name, item[name] === null ? null : Date.parse(textOf(item[name]))])),
  }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function parsed(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}
