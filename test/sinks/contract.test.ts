import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { SinkOptions } from '../../src/model/sink-options.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { createSink } from '../../src/sinks/sinks.ts';
import type { ColumnSpec, ColumnType } from '../../src/model/column.ts';
import { type Reader, itKeepsTheContract } from '../support/sinks/contract.ts';
import { decompress } from '../support/sinks/decompress.ts';
import { DuckDbReader } from '../support/sinks/duckdb-reader.ts';
import { hugeListRow, hugeMessageRow } from '../../src/testing/nasty-rows.ts';
import { parseCell } from '../support/sinks/parse-cell.ts';

const largestFileSizeBytes = 32 * 1024 * 1024;

let duckDb: DuckDbReader;
beforeAll(async () => {
  duckDb = await DuckDbReader.open();
});
afterAll(() => duckDb.close());

async function readText(path: string): Promise<string> {
  const bytes = decompress(await readFile(path), path, largestFileSizeBytes);
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** As whoever loads a CSV file by its table's types does. */
function cellValue(text: string, quoted: boolean, type: ColumnType): unknown {
  if (text === '' && !quoted) return null;
  switch (type.kind) {
    case 'string':
      return text;
    case 'timestamp':
      return Date.parse(text);
    case 'int':
    case 'boolean':
    case 'json':
    case 'strings':
    case 'structs':
      return parseCell(text, type);
  }
}

/** As whoever loads a JSON file by its table's types does. */
function jsonValue(value: unknown, type: ColumnType): unknown {
  if (type.kind === 'timestamp' && typeof value === 'string') return Date.parse(value);
  if (type.kind === 'json' && typeof value === 'string') return JSON.parse(value);
  return type.kind === 'structs' ? parseCell(JSON.stringify(value), type) : value;
}

const csvReaders: readonly Reader[] = [
  {
    name: 'DuckDB (which reads "" as null)',
    read: (path, columns) => duckDb.readCsv(path, columns),
    sees: (value, { kind }) => (value === '' && kind === 'string' ? null : value),
  },
  {
    name: 'csv-parse',
    async read(path, columns: readonly ColumnSpec[]) {
      const types = new Map(columns.map(({ name, type }) => [name, type]));
      return parse<Record<string, unknown>>(await readText(path), {
        columns: true,
        cast: (text, { header, quoting, column }) => {
          const type = types.get(String(column));
          return header || type === undefined ? text : cellValue(text, quoting, type);
        },
      });
    },
  },
];

const jsonlReaders: readonly Reader[] = [
  { name: 'DuckDB', read: (path, columns) => duckDb.readJsonl(path, columns) },
  {
    name: 'JSON.parse, line by line',
    async read(path, columns) {
      const lines = (await readText(path)).split('\n');
      if (lines.pop() !== '') throw new Error('The last line has no end');
      return lines.map((line) => {
        const row = JSON.parse(line) as Record<string, unknown>;
        expect(Object.keys(row)).toEqual(columns.map(({ name }) => name));
        const cells = columns.map(({ name, type }) => [name, jsonValue(row[name], type)]);
        return Object.fromEntries(cells) as Record<string, unknown>;
      });
    },
  },
];

// What is huge for its structure goes through each format once, what is huge for its bytes through each compression.
const huge = [hugeMessageRow, hugeListRow];

itKeepsTheContract((disk) => createSink({ format: 'csv' }, disk), 'csv', csvReaders, huge);
itKeepsTheContract((disk) => createSink({ format: 'jsonl' }, disk), 'jsonl', jsonlReaders, huge);

const compressed: readonly (readonly [string, SinkOptions, readonly Reader[]])[] = [
  ['csv.gz', { format: 'csv', compression: 'gzip' }, csvReaders],
  ['csv.zst', { format: 'csv', compression: 'zstd' }, csvReaders],
  ['jsonl.gz', { format: 'jsonl', compression: 'gzip' }, jsonlReaders],
  ['jsonl.zst', { format: 'jsonl', compression: 'zstd' }, jsonlReaders],
];
// A stream is compressed alike whatever it holds: each compression once in the quick suite.
for (const [extension, options, readers] of compressed.filter(([name]) =>
  quickOrLong(['csv.gz', 'jsonl.zst'].includes(name), true),
)) {
  itKeepsTheContract((disk) => createSink(options, disk), extension, readers, [hugeMessageRow]);
}
