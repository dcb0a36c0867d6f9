import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SinkOptions } from '../../src/model/sink-options.ts';
import { createSink } from '../../src/sinks/sinks.ts';
import type { Row } from '../../src/model/column.ts';
import { messageTables } from '../../src/tables/tables.ts';
import { bare, sample } from '../support/messages/sample-message.ts';
import { countingDisk } from '../support/disk/counting-disk.ts';
import { DuckDbReader } from '../support/sinks/duckdb-reader.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

/** DuckDB guesses what a file is from so many rows: what comes first behind them is new to it. */
const sampledRows = 20_480;
const lateRow = 21_400;
const rowCount = 21_500;

/** Files as people open them: by their name, and nothing told. */
describe('DuckDB with its defaults', () => {
  const pathOf = temporaryFolder();
  let duckDb: DuckDbReader;
  beforeAll(async () => {
    duckDb = await DuckDbReader.open();
  });
  afterAll(() => duckDb.close());

  async function write(name: string, options: SinkOptions, table: 'mentions' | 'messages', rows: readonly Row[]) {
    const { columns } = messageTables({ md: false })[table];
    const path = pathOf(name);
    const writer = await createSink(options, countingDisk()).open(path, { table, columns, metadata: {} });
    await writer.write(rows);
    await writer.close();
    return path;
  }

  it('reads a CSV file in which the first quote comes behind the rows that it guesses from', async () => {
    expect(lateRow).toBeGreaterThan(sampledRows);
    const { mentions } = messageTables({ md: false });
    const messages = Array.from({ length: rowCount }, (_, index) => ({
      ...bare,
      id: `m${String(index + 1)}`,
      mentions: [
        {
          ...{ id: 'u1', username: 'jane', type: 'user' as const },
          name: index + 1 === lateRow ? 'Doe, Jane "JD"' : 'Jane Doe',
        },
      ],
    }));
    const path = await write('mentions.csv', { format: 'csv' }, 'mentions', mentions.rows(messages));
    expect(await duckDb.query(`SELECT count(*) AS rows, count(DISTINCT message_id) AS ids FROM '${path}'`)).toEqual([
      { rows: rowCount, ids: rowCount },
    ]);
    expect(await duckDb.query(`SELECT name FROM '${path}' WHERE message_id = 'm${String(lateRow)}'`)).toEqual([
      { name: 'Doe, Jane "JD"' },
    ]);
  });

  longIt('reads every key of extra in JSONL, wherever it first appears and however it is written', async () => {
    const { messages } = messageTables({ md: false });
    const extra = (index: number) => {
      if (index === 0) return { Name: 1 };
      if (index === 1) return { name: 2 };
      return index + 1 === lateRow ? { late: 'here' } : { groupable: false };
    };
    const rows = messages.rows(Array.from({ length: rowCount }, (_, index) => ({ ...sample, extra: extra(index) })));
    const path = await write('messages.jsonl', { format: 'jsonl' }, 'messages', rows);
    const found = await duckDb.query(
      `SELECT extra->>'Name' AS upper, extra->>'name' AS lower, extra->>'late' AS late FROM '${path}'
       WHERE coalesce(extra->>'Name', extra->>'name', extra->>'late') IS NOT NULL`,
    );
    expect(found).toEqual([
      { upper: '1', lower: null, late: null },
      { upper: null, lower: '2', late: null },
      { upper: null, lower: null, late: 'here' },
    ]);
  });
});
