import { expect } from '@jest/globals';
import type { DatabaseTarget } from '../../../src/model/run/database-target.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import type { ReadRow } from '../archives/read-table.ts';
import { readArchiveTable } from './read-archive.ts';
import { queryDatabase, readDatabaseTable } from './read-database.ts';

const inOrder = (rows: readonly ReadRow[]): readonly ReadRow[] =>
  rows
    .map((row) => ({
      row,
      key: JSON.stringify([row['message_id'] ?? row['room_id'], row['run'], row['position'], row]),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row);

/**
 * Compares every value of every table with the archive as DuckDB reads it, and the views with what `latest` returns.
 *
 * @param tables of the archive; rows of each there must be
 */
export async function expectLoaded(
  archive: string,
  target: DatabaseTarget,
  tables: readonly TableName[],
  extension = 'parquet',
): Promise<void> {
  for (const table of tables) {
    const expected = inOrder(await readArchiveTable(archive, table, extension));
    expect(expected.length).toBeGreaterThan(0);
    expect(inOrder(await readDatabaseTable(target, table))).toEqual(expected);
    const ids: string[] = [];
    for await (const batch of (await latest(archive, { table })).rows) {
      ids.push(
        ...batch.map((row) => JSON.stringify([row['message_id'] ?? row['room_id'], row['run'], row['position']])),
      );
    }
    const current = await readDatabaseTable(target, table, `latest_${table}`);
    const found = current.map((row) =>
      JSON.stringify([row['message_id'] ?? row['room_id'], row['run'], row['position']]),
    );
    expect(found.sort()).toEqual(ids.sort());
  }
}

/** Numbers of the links that a database says it holds. */
export async function runsInDatabase(target: DatabaseTarget): Promise<readonly unknown[]> {
  return (await queryDatabase(target, 'SELECT "run" FROM "_runs" ORDER BY "run"')).map(({ run }) => run);
}
