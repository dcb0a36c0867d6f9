import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import { writeSchema, schemaTables } from '../../src/schemas/schema-formats.ts';
import { editedRuns } from '../support/archives/edited-tables.ts';
import { publishFixture } from '../support/archives/revised-archive.ts';
import { runHere } from '../support/program/fake-process.ts';
import { DuckDbReader } from '../support/sinks/duckdb-reader.ts';
import { expectSameRows } from '../support/sinks/same-rows.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

let folder: string;
let duckDb: DuckDbReader;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duckdb-schema-'));
  duckDb = await DuckDbReader.open();
  await publishFixture(nodeDisk, join(folder, 'flat'), editedRuns);
  await publishFixture(
    nodeDisk,
    join(folder, 'by-room'),
    editedRuns.map((run) => ({ ...run, byRoom: true })),
  );
  for (const table of ['messages', 'mentions']) {
    const words = ['latest', 'flat', '--table', table, '--output', `${table}.parquet`];
    expect(await runHere(words, { cwd: folder })).toMatchObject({ code: 0 });
  }
});
afterAll(async () => {
  duckDb.close();
  await rm(folder, { recursive: true });
});

const tables = schemaTables({ md: false }).filter(({ name }) => name === 'messages' || name === 'mentions');

describe('the statements for DuckDB', () => {
  it.each(quickOrLong(['parquet', 'csv.gz'] as const, ['parquet', 'jsonl', 'csv.gz'] as const))(
    'show the rows of `latest` from files of %s, with their types, null and empty texts apart',
    async (files) => {
      const [schema] = writeSchema('duckdb', tables, { files });
      await duckDb.query(`SET file_search_path = '${folder}/flat'`);
      await duckDb.query(schema?.text ?? '');
      for (const table of ['messages', 'mentions']) {
        const typesOf = async (from: string): Promise<unknown> =>
          (await duckDb.query(`DESCRIBE FROM ${from}`)).map((column) => [column['column_name'], column['column_type']]);
        expect(await typesOf(`latest_${table}`)).toEqual(await typesOf(`'${folder}/${table}.parquet'`));
        await expectSameRows(duckDb, `FROM latest_${table}`, `FROM '${folder}/${table}.parquet'`, 6);
      }
    },
  );

  it('show the folders of partitions as a column, as they are written', async () => {
    const [schema] = writeSchema('duckdb', tables, { partition: 'room', location: `${folder}/by-room/` });
    await duckDb.query('RESET file_search_path');
    await duckDb.query(schema?.text ?? '');
    const rooms = await duckDb.query('SELECT DISTINCT room_id, room FROM latest_messages ORDER BY 1');
    expect(rooms).toEqual([0, 1, 2].map((at) => ({ room_id: `room ${at}`, room: `room ${at}` })));
  });

  longIt('read a line of CSV and of JSONL that is longer than DuckDB takes by itself', async () => {
    const text = 'é'.repeat(9 << 20);
    const archive = join(folder, 'long');
    const [first] = editedRuns;
    const [row] = first?.tables.messages?.first ?? [];
    await publishFixture(nodeDisk, archive, [
      {
        ...first,
        tables: { messages: { first: [{ ...row, msg: text }] } },
        sinks: [{ format: 'csv' }, { format: 'jsonl' }],
      },
    ]);
    for (const files of ['csv', 'jsonl'] as const) {
      const [schema] = writeSchema('duckdb', tables.slice(0, 1), { files, location: archive });
      await duckDb.query(schema?.text ?? '');
      expect(await duckDb.query('SELECT length(msg) AS n FROM latest_messages')).toEqual([{ n: text.length }]);
    }
  });
});
