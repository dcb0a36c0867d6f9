import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { readParquet } from 'parquet-wasm';
import type { ParquetOptions } from '../../src/model/sink-options.ts';
import { createSink } from '../../src/sinks/sinks.ts';
import type { Row } from '../../src/model/column.ts';
import { listTables, messageTables, roomMembersTable, roomsTable, usersTable } from '../../src/tables/tables.ts';
import { bare, sample } from '../support/messages/sample-message.ts';
import { exportedMember, exportedUser } from '../support/messages/sample-people.ts';
import { countingDisk } from '../support/disk/counting-disk.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';

const reference = {
  ...{ fileId: 'f1', messageId: 'm1', roomId: 'r1', roomName: 'ops', name: 'größe.png' },
  mimeType: null,
  sizeBytes: 12,
};
const outcome = {
  ...{ fileId: 'f1', status: 'forbidden' as const, path: null, sizeBytes: null, sha256: null },
  error: 'not for you',
} as const;
const tables = [...Object.values(messageTables({ md: true })), ...Object.values(listTables())];
const rowsOf = new Map<string, readonly Row[]>([
  ...Object.values(messageTables({ md: true })).map((table) => [table.name, table.rows([sample, bare])] as const),
  ['rooms', roomsTable.rows([{ op: 'delete', roomId: 'r1', run: 1 }])],
  ['users', usersTable.rows([exportedUser, { op: 'delete', userId: 'u1', run: 1 }])],
  ['files', listTables().files.rows([{ reference, outcome, run: 1 }])],
  ['room_members', roomMembersTable.rows([exportedMember, { ...exportedMember, op: 'delete' }])],
]);
const engines: readonly ParquetOptions[] = [
  { format: 'parquet' },
  { format: 'parquet', compression: 'none' },
  { format: 'parquet', engine: 'parquetjs-lite' },
];

/** Rows and columns, by the reader of Rust's Arrow, which takes nothing that the format does not allow. */
async function read(path: string): Promise<{ readonly rows: number; readonly columns: number | undefined }> {
  const batches = readParquet(await readFile(path)).recordBatches();
  return {
    rows: batches.reduce((sum, { numRows }) => sum + numRows, 0),
    columns: batches[0]?.numColumns,
  };
}

describe.each(engines)('arrow-rs, by the file of $engine $compression', (options) => {
  const pathOf = temporaryFolder();

  it.each(tables.map((table) => [table.name, table] as const))(
    'reads %s, with and without rows',
    async (name, table) => {
      const rows = rowsOf.get(name) ?? [];
      expect(rows.length).toBeGreaterThan(0);
      for (const some of [rows, []]) {
        const path = pathOf(`${name}-${some.length}.parquet`);
        const schema = { table: name, columns: table.columns, metadata: { schemaVersion: '2', job: 'nächtlich' } };
        const writer = await createSink(options, countingDisk()).open(path, schema);
        await writer.write(some);
        await writer.close();
        expect(await read(path)).toEqual({
          rows: some.length,
          columns: some.length === 0 ? undefined : table.columns.length,
        });
      }
    },
  );
});
