import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { OutputError, StoppedError } from '../../errors.ts';
import type { Row } from '../../model/column.ts';
import { duckDbTypes } from '../../schemas/duckdb.ts';
import { doubleQuoted, textLiteral } from '../../schemas/sql-text.ts';
import type { Engine } from '../engine.ts';
import { importDriver } from '../import-driver.ts';
import { duckDbValue } from './duckdb-value.ts';
import { duckDbFailure, fullDisk, isFull } from './duckdb-failure.ts';
import { makeLogPrivate, removeEmptyLog } from './private-log.ts';

/** What a chunk of DuckDB holds. Source: duckdb.org/docs, "Execution Format". */
const rowsPerChunk = 2048;

/** @param path absolute */
export async function openDuckDb(path: string): Promise<Engine> {
  const duckdb = await importDriver('@duckdb/node-api', () => import('@duckdb/node-api'));
  const { instance, connection } = await open(duckdb.DuckDBInstance, path);
  const failing = async <T>(work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw duckDbFailure(error, path);
    }
  };
  const query: Engine['query'] = (sql) => failing(async () => (await connection.runAndReadAll(sql)).getRowObjectsJS());
  const columnsOf: Engine['columns'] = async (table) => {
    const answers = await query(
      `SELECT column_name FROM information_schema.columns WHERE table_schema = 'main' AND table_name = ${textLiteral(table)} ORDER BY ordinal_position`,
    );
    return answers.map(({ column_name: name }) => String(name));
  };
  return {
    types: duckDbTypes,
    begin: 'BEGIN',
    // An index of DuckDB is for finding single rows, is held in memory as a whole, and refuses a key that was deleted in
    // the same transaction. Source: duckdb.org/docs, "Indexes", "Over-Eager Constraint Checking".
    hasIndexes: false,
    query,
    execute: async (sql) => {
      await makeLogPrivate(path);
      await failing(() => connection.run(sql));
    },
    dropIndex: () => Promise.resolve(),
    columns: columnsOf,
    // Its extension for that has to be downloaded, and its index does not follow the table.
    textIndex: () => [],
    renewTextIndex: () => [],
    replaceView: async (view, sql) => {
      await failing(() => connection.run(`CREATE OR REPLACE VIEW ${doubleQuoted(view)} AS\n${sql}`));
    },
    insert: async (table, columns, rows) => {
      const names = await columnsOf(table);
      const byName = new Map(columns.map((column) => [column.name, column]));
      const appender = await failing(() => connection.createAppender(table));
      const types = names.map((_, at) => appender.columnType(at));
      const readers = names.map((name) => {
        const column = byName.get(name);
        return column === undefined ? () => null : duckDbValue(duckdb, column);
      });
      let inserted = 0;
      const append = (batch: readonly Row[]): void => {
        const chunk = duckdb.DuckDBDataChunk.create(types, batch.length);
        chunk.setColumns(readers.map((read) => batch.map(read)));
        appender.appendDataChunk(chunk);
        inserted += batch.length;
      };
      try {
        for await (const batch of rows) {
          for (let at = 0; at < batch.length; at += rowsPerChunk) {
            await failing(() => append(batch.slice(at, at + rowsPerChunk)));
          }
        }
      } catch (error) {
        // What it still holds is written, or fails for the same reason.
        await failing(() => appender.closeSync()).catch(() => undefined);
        throw error;
      }
      await failing(() => appender.closeSync());
      return { rows: inserted, replaced: 0 };
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
      await removeEmptyLog(path);
    },
  };
}

async function open(
  instances: typeof DuckDBInstance,
  path: string,
): Promise<{ readonly instance: DuckDBInstance; readonly connection: DuckDBConnection }> {
  try {
    const isNew = !existsSync(path);
    const instance = await instances.create(path);
    // DuckDB makes it as the process may, for all to read as a rule.
    if (isNew) await chmod(path, 0o600);
    return { instance, connection: await instance.connect() };
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    if (/Could not set lock|Conflicting lock/.test(text)) {
      throw new StoppedError(`Cannot load to "${path}": another process has the file open`, {
        cause,
        hint: 'DuckDB lets one process write, and none read meanwhile: close it, and run the same command again',
      });
    }
    if (isFull(text)) throw fullDisk(cause, path);
    throw new OutputError(`Cannot open "${path}" as a database of DuckDB: ${text.split('\n', 1)[0] ?? ''}`, {
      cause,
      hint: 'Name a new file, or one that DuckDB of this version or an older one wrote',
    });
  }
}
