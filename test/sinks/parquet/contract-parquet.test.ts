import { afterAll, beforeAll, describe } from '@jest/globals';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { ParquetCompression } from '../../../src/sinks/parquet/parquet-codec.ts';
import type { ParquetEngine } from '../../../src/model/sink-options.ts';
import { createSink } from '../../../src/sinks/sinks.ts';
import { expectedValue } from '../../../src/testing/expected-value.ts';
import { hugeListRow, hugeMessageRow } from '../../../src/testing/nasty-rows.ts';
import { type Reader, itKeepsTheContract } from '../../support/sinks/contract.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { DuckDbReader } from '../../support/sinks/duckdb-reader.ts';

let duckDb: DuckDbReader;
beforeAll(async () => {
  duckDb = await DuckDbReader.open();
});
afterAll(() => duckDb.close());

const parquetReaders: readonly Reader[] = [
  { name: 'DuckDB', read: (path, columns) => duckDb.readParquet(path, columns) },
  {
    name: 'hyparquet',
    async read(path) {
      const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path), compressors });
      return rows.map((row) => numbersForBigInts(expectedValue(row)) as Record<string, unknown>);
    },
  },
];

function numbersForBigInts(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(numbersForBigInts);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, numbersForBigInts(part)]));
}

// What is huge for its structure goes through each engine once, what is huge for its bytes through each compression.
const engines: readonly (readonly [ParquetEngine, readonly ParquetCompression[]])[] = [
  ['hyparquet', ['zstd', 'snappy', 'gzip', 'none']],
  ['parquetjs-lite', ['snappy', 'gzip', 'none']],
];
// Of the other compressions the quick suite reads files back in test/readers/read-data-file.test.ts and test/sinks/arrow-rs.test.ts.
for (const [engine, compressions] of engines) {
  compressions.slice(0, quickOrLong(1, compressions.length)).forEach((compression, index) => {
    const moreRows =
      index === 0 && quickOrLong(engine === 'hyparquet', true) ? [hugeMessageRow, hugeListRow] : [hugeMessageRow];
    const options = { format: 'parquet', engine, compression } as const;
    describe(`engine ${engine}, ${compression}`, () => {
      itKeepsTheContract((disk) => createSink(options, disk), 'parquet', parquetReaders, moreRows);
    });
  });
}
