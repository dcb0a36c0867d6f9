import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type AsyncBuffer } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { parquetWriteBuffer, type ColumnSource } from 'hyparquet-writer';
import { readParquet } from 'parquet-wasm';
import { createParquetSink } from '../../../src/sinks/parquet/parquet.ts';
import { parquetSchema } from '../../../src/sinks/parquet/parquet-schema.ts';
import type { FileSchema } from '../../../src/sinks/sink.ts';
import type { Row } from '../../../src/model/column.ts';
import { nastyRows, nastySchema } from '../../../src/testing/nasty-rows.ts';
import { countingDisk } from '../../support/disk/counting-disk.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

/** All but json, which the library would make JSON of once more. */
const schema: FileSchema = { ...nastySchema, columns: nastySchema.columns.filter(({ type }) => type.kind !== 'json') };
const rowsPerGroup = 600;

/** The same rows by the encoder that the library has itself. */
function secondOpinion(rows: readonly Row[]): AsyncBuffer {
  const columnData = schema.columns.map(({ name }): ColumnSource => ({ name, data: rows.map((row) => row[name]) }));
  const bigInts = columnData.map(({ name, data }) => ({ name, data: (data as unknown[]).map(withBigInts) }));
  return parquetWriteBuffer({ columnData: bigInts, schema: parquetSchema(schema.columns), rowGroupSize: rowsPerGroup });
}

function withBigInts(value: unknown): unknown {
  if (typeof value === 'number') return BigInt(value);
  if (Array.isArray(value)) return value.map(withBigInts);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withBigInts(part)]));
}

/** What the footer says of each leaf of each row group, for those who plan queries by it. */
async function statisticsOf(file: AsyncBuffer) {
  const { row_groups: groups } = await parquetMetadataAsync(file);
  return groups.map(({ columns, num_rows: rows }) => [
    rows,
    ...columns.map(({ meta_data: chunk }) => [chunk?.path_in_schema, chunk?.num_values, chunk?.statistics]),
  ]);
}

/** Enough of both kinds for what dictionaries, pages and runs begin and end with. */
const manyRows = fc
  .tuple(fc.infiniteStream(fc.nat({ max: nastyRows.length - 1 })), fc.integer({ min: 1, max: 400 }), fc.nat(2))
  .map(([stream, repeated, kinds]): readonly Row[] =>
    [...stream.take(1000)].map((pick, index) => {
      const row = nastyRows[Math.floor(index / repeated) % 2 === 0 ? pick : kinds] ?? {};
      return kinds === 0 ? { ...row, name: `${index} ${'é'.repeat(index % 7)}`, id: index * 1e12 } : row;
    }),
  );

describe('rows in columns', () => {
  const pathOf = temporaryFolder();

  it('are for hyparquet and arrow-rs what hyparquet-writer makes of the same rows, bounds and counts included', async () => {
    const limits = { rows: rowsPerGroup, sizeBytes: Infinity };
    const sink = createParquetSink({ format: 'parquet', compression: 'snappy' }, countingDisk(), limits);
    await fc.assert(
      fc.asyncProperty(manyRows, async (rows) => {
        const writer = await sink.open(pathOf('x'), schema);
        await writer.write(rows);
        await writer.close();
        const file = await asyncBufferFromFile(pathOf('x'));
        const other = secondOpinion(rows);
        expect(await parquetReadObjects({ file, compressors })).toEqual(
          await parquetReadObjects({ file: other, compressors }),
        );
        expect(await statisticsOf(file)).toEqual(await statisticsOf(other));
        const batches = readParquet(await readFile(pathOf('x'))).recordBatches();
        expect(batches.reduce((sum, { numRows }) => sum + numRows, 0)).toBe(rows.length);
      }),
      { numRuns: quickOrLong(1, 20) },
    );
  });
});
