import { describe, expect, it } from '@jest/globals';
import type { ColumnSpec, Row } from '../../../src/model/column.ts';
import type { ParquetOptions } from '../../../src/model/sink-options.ts';
import { readStoredRows } from '../../../src/readers/parquet/read-stored-rows.ts';
import { rowsOfGroups } from '../../../src/readers/parquet/rows-of-groups.ts';
import { readParquet } from '../../../src/readers/parquet/read-parquet.ts';
import type { StoredRows } from '../../../src/sinks/parquet/stored/stored-rows.ts';
import { createParquetSink } from '../../../src/sinks/parquet/parquet.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { nastyRows, nastySchema } from '../../../src/testing/nasty-rows.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const { columns } = nastySchema;
const manyRows: readonly Row[] = Array.from({ length: 3000 }, (_, index) => ({
  ...nastyRows[(index * 7) % nastyRows.length],
  id: index,
  name: `${index} of many`,
}));

describe('rows made of the row groups of a file', () => {
  const pathOf = temporaryFolder();

  async function write(options: ParquetOptions = { format: 'parquet' }): Promise<void> {
    const limits = { rows: 1300, sizeBytes: Infinity };
    const writer = await createParquetSink(options, nodeDisk, limits).open(pathOf('x'), nastySchema);
    await writer.write(manyRows);
    await writer.close();
  }

  async function all<T>(batches: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
    const found: T[] = [];
    for await (const batch of batches) {
      expect(batch.length).toBeLessThanOrEqual(1000);
      found.push(...batch);
    }
    return found;
  }

  async function read(
    asked: readonly ColumnSpec[] = columns,
    take: (group: StoredRows) => void = () => undefined,
  ): Promise<readonly Row[]> {
    const groups = await readStoredRows(nodeDisk, pathOf('x'), asked);
    if (groups === undefined) throw new Error('Cannot read by columns');
    const taken = async function* (): AsyncGenerator<StoredRows> {
      for await (const group of groups) {
        take(group);
        yield group;
      }
    };
    return all(rowsOfGroups(taken(), asked));
  }

  const engines: readonly [string, ParquetOptions][] = [
    ['the usual engine', { format: 'parquet' }],
    ['parquetjs-lite', { format: 'parquet', engine: 'parquetjs-lite' }],
  ];
  it.each(engines.slice(0, quickOrLong(1, 2)))('are those that are read value by value, of %s', async (_, options) => {
    await write(options);
    expect(await read()).toEqual(await all(readParquet(nodeDisk, pathOf('x'), columns)));
  });

  it('have null for a column that the file lacks, and columns in the order asked for', async () => {
    await write();
    const asked = [...columns, ...columns.map((column) => ({ ...column, name: `new_${column.name}` }))]
      .map((column) => ({ ...column, nullable: true }))
      .reverse();
    const rows = await read(asked);
    expect(Object.keys(rows[0] ?? {})).toEqual(asked.map(({ name }) => name));
    expect(rows).toEqual(await all(readParquet(nodeDisk, pathOf('x'), asked)));
  });

  it('are without those that were left out, and the values of the others are their own', async () => {
    await write();
    const isWanted = (id: unknown): boolean => Number(id) % 3 === 1;
    const rows = await read(columns, (group) => group.keepWhere(['id'], ({ id }) => isWanted(id)));
    const expected = (await all(readParquet(nodeDisk, pathOf('x'), columns))).filter(({ id }) => isWanted(id));
    expect(rows.length).toBe(1000);
    expect(rows).toEqual(expected);
  });
});
