import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import { OutputError } from '../../src/errors.ts';
import type { DataFile } from '../../src/readers/data-file.ts';
import { columnsOfFile, describeDataFile } from '../../src/readers/describe-data-file.ts';
import { readDataFile } from '../../src/readers/read-data-file.ts';
import { createParquetSink } from '../../src/sinks/parquet/parquet.ts';
import type { SinkOptions } from '../../src/model/sink-options.ts';
import type { Sink, WrittenFile } from '../../src/sinks/sink.ts';
import { createSink } from '../../src/sinks/sinks.ts';
import type { ColumnSpec, Row, Value } from '../../src/model/column.ts';
import { wellFormed } from '../../src/testing/expected-value.ts';
import { hugeListRow, hugeMessageRow, nastyRows, nastySchema } from '../../src/testing/nasty-rows.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'readers-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(
  sink: Sink,
  name: string,
  rows: readonly Row[],
  schema = nastySchema,
): Promise<WrittenFile & { readonly file: DataFile }> {
  const path = join(folder, `${name}.${sink.extension}`);
  const writer = await sink.open(path, schema);
  await writer.write(rows);
  const format = sink.format === 'csv' ? 'csv' : sink.format === 'jsonl' ? 'jsonl' : 'parquet';
  return { ...(await writer.close()), file: { path, format } };
}

async function read(file: DataFile, columns: readonly ColumnSpec[] = nastySchema.columns): Promise<readonly Row[]> {
  return (await batchesOf(file, columns)).flat();
}

async function batchesOf(file: DataFile, columns = nastySchema.columns): Promise<readonly (readonly Row[])[]> {
  const batches: (readonly Row[])[] = [];
  for await (const batch of readDataFile(nodeDisk, file, columns)) batches.push(batch);
  return batches;
}

/** What a format that holds UTF-8 gives back: everything, but halves of surrogate pairs. */
function held(value: Row | Value | undefined): unknown {
  if (typeof value === 'string') return wellFormed(value);
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return (value as readonly Value[]).map(held);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, part]: [string, Value]) => [wellFormed(key), held(part)]),
    );
  }
  return value;
}

const extraRows: readonly Row[] = ['\ufeffmark first', '\ufeff', "'", "'=1"].map((text, index) => {
  return { ...nastyRows[0], id: 100_000 + index, text, name: text };
});
const sources = [...nastyRows, ...extraRows];
/** What is huge goes through each format once; in the quick suite foreign readers have both in test/sinks. */
const hugeRows = quickOrLong([hugeMessageRow], [hugeMessageRow, hugeListRow]);
const withHugeRows = new Set([
  '{"format":"csv"}',
  '{"format":"jsonl","compression":"zstd"}',
  '{"format":"parquet","compression":"zstd"}',
]);

/** By each of our readers, and of what they have to tell apart. */
const formats: readonly SinkOptions[] = [
  { format: 'csv' },
  { format: 'csv', compression: 'zstd', delimiter: ';', bom: true },
  { format: 'csv', delimiter: '\t' },
  { format: 'jsonl' },
  { format: 'jsonl', compression: 'zstd' },
  { format: 'parquet', compression: 'zstd' },
  { format: 'parquet', compression: 'snappy' },
  { format: 'parquet', compression: 'gzip' },
  { format: 'parquet', compression: 'none' },
  { format: 'parquet', engine: 'parquetjs-lite', compression: 'snappy' },
  ...quickOrLong<readonly SinkOptions[]>(
    [],
    [
      { format: 'csv', compression: 'gzip' },
      { format: 'csv', delimiter: '|', bom: true },
      { format: 'csv', delimiter: ' ' },
      { format: 'jsonl', compression: 'gzip' },
      { format: 'parquet', engine: 'parquetjs-lite', compression: 'gzip' },
      { format: 'parquet', engine: 'parquetjs-lite', compression: 'none' },
    ],
  ),
];

describe('a data file read back', () => {
  it.each(formats)(
    'of %j has every value, of the types that sinks take, and is written again the same',
    async (options) => {
      const sink = createSink(options, nodeDisk);
      const written = withHugeRows.has(JSON.stringify(options)) ? [...sources, ...hugeRows] : sources;
      const expected = written.map(held);
      const { file, sha256 } = await write(sink, 'all', written);
      const rows = await read(file);
      expect(rows.length).toBe(expected.length);
      expect(Object.keys(rows[0] ?? {})).toEqual(nastySchema.columns.map(({ name }) => name));
      for (const [index, row] of rows.entries()) {
        if (!isDeepStrictEqual(row, expected[index])) expect(row).toEqual(expected[index]);
      }
      const description = await describeDataFile(nodeDisk, file);
      expect(description.columns).toEqual(nastySchema.columns.map(({ name }) => name));
      expect(description.metadata).toEqual(options.format === 'parquet' ? nastySchema.metadata : {});
      const again = await write(createSink(description.options, nodeDisk), 'again', rows);
      expect(again.sha256).toBe(sha256);
    },
  );

  it.each(formats)('of %j without rows has none', async (options) => {
    const { file } = await write(createSink(options, nodeDisk), 'none', []);
    expect(await read(file)).toEqual([]);
    const columns = options.format === 'jsonl' ? null : nastySchema.columns.map(({ name }) => name);
    expect(await columnsOfFile(nodeDisk, file)).toEqual(columns);
  });

  it('keeps what made texts safe for spreadsheets, and is written again the same without', async () => {
    // Of json a number below zero is made safe, too; there the quote can be told from the value.
    const [below, others] = [
      nastyRows.filter(({ extra }) => extra === -1.5),
      nastyRows.filter(({ extra }) => extra !== -1.5),
    ];
    const sink = createSink({ format: 'csv', excelSafe: true }, nodeDisk);
    expect(await read((await write(sink, 'below', below)).file)).toEqual(below);
    const { file, sha256 } = await write(sink, 'safe', others);
    const rows = await read(file);
    expect(rows.map(({ text }) => text)).toContain("'+1");
    const { options } = await describeDataFile(nodeDisk, file);
    expect((await write(createSink(options, nodeDisk), 'safe-again', rows)).sha256).toBe(sha256);
  });

  it.each([{ format: 'csv' }, { format: 'jsonl' }, { format: 'parquet' }] satisfies SinkOptions[])(
    'of %j has the columns asked for, in that order, and null for those it does not have',
    async (options) => {
      const columns = nastySchema.columns.filter(({ name }) => name !== 'tags' && name !== 'ts');
      const older = nastyRows.map((row): Row =>
        Object.fromEntries(columns.map(({ name }) => [name, row[name] ?? null])),
      );
      const { file } = await write(createSink(options, nodeDisk), 'fewer', older, { ...nastySchema, columns });
      const byName = new Map(nastySchema.columns.map((column) => [column.name, column]));
      const wanted = ['tags', 'text', 'id', 'ts'].flatMap((name) => byName.get(name) ?? []);
      const rows = await read(file, wanted);
      expect(rows).toEqual(nastyRows.map(({ id, text }) => ({ tags: null, text: held(text), id, ts: null })));
      expect(Object.keys(rows[0] ?? {})).toEqual(['tags', 'text', 'id', 'ts']);
      await expect(read(file, [{ name: 'other', type: { kind: 'string' }, nullable: true }])).rejects.toThrow(
        /Cannot read ".*fewer.*": .*it has none of the columns other/,
      );
    },
  );

  it.each(quickOrLong(['hyparquet'] as const, ['hyparquet', 'parquetjs-lite'] as const))(
    'has many row groups, by %s, and comes in small batches',
    async (engine) => {
      const sink = createParquetSink({ format: 'parquet', engine }, nodeDisk, { rows: 1500, sizeBytes: 1e9 });
      const rows = Array.from({ length: 2200 }, (_, id) => ({ ...nastyRows[id % nastyRows.length], id }));
      const { file } = await write(sink, `groups-${engine}`, rows);
      const batches = await batchesOf(file);
      expect(batches.map((batch) => batch.length)).toEqual([1000, 500, 700]);
      expect(batches.flat()).toEqual(rows.map(held));
    },
  );

  const inPieces: readonly SinkOptions[] = [
    { format: 'csv', compression: 'gzip' },
    { format: 'jsonl', compression: 'zstd' },
    { format: 'jsonl' },
  ];
  it.each(inPieces.slice(0, quickOrLong(2, 3)))(
    'of %j comes in pieces, and can be left before its end',
    async (options) => {
      const rows = Array.from({ length: quickOrLong(5000, 8000) }, (_, id) => ({
        ...nastyRows[id % nastyRows.length],
        id,
      }));
      const { file } = await write(createSink(options, nodeDisk), 'long', rows);
      const batches = await batchesOf(file);
      expect(batches.length).toBeGreaterThan(1);
      expect(batches.flat().map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
      for await (const [row] of readDataFile(nodeDisk, file, nastySchema.columns)) {
        expect(row).toEqual(held(rows[0]));
        break;
      }
    },
  );
});

describe('a damaged data file', () => {
  const columns: readonly ColumnSpec[] = [
    { name: 'id', type: { kind: 'int' }, nullable: false },
    { name: 'at', type: { kind: 'timestamp' }, nullable: true },
    { name: 'flag', type: { kind: 'boolean' }, nullable: true },
    { name: 'tags', type: { kind: 'strings' }, nullable: true },
    { name: 'extra', type: { kind: 'json' }, nullable: true },
  ];
  const line = (fields: object): string =>
    `${JSON.stringify({ id: 1, at: null, flag: null, tags: null, ...fields })}\n`;
  const csv = (row: string): string => `id,at,flag,tags,extra\n1,,,,\n${row}`;

  it.each([
    ['x.csv', csv('2,,,\n'), 'row 2: it has 4 cells, and the header 5'],
    ['x.csv', csv('2,,,,'), 'its last line has no end'],
    ['x.csv', csv('"2"x,,,,\n'), 'behind its closing quote'],
    ['x.csv', csv('2"x,,,,\n'), 'should be in quotes'],
    ['x.csv', csv('2,,,,a\rb\n'), 'should be in quotes'],
    ['x.csv', csv('2,,,,"\n'), 'its last line has no end'],
    ['x.csv', csv('2.5,,,,\n'), 'row 2: column "id" should hold a safe integer'],
    ['x.csv', csv(',,,,\n'), 'row 2: column "id" should hold a value'],
    ['x.csv', csv('2,"",,,\n'), 'row 2: column "at" should hold a timestamp'],
    ['x.csv', csv('2,2024-05-01,,,\n'), 'row 2: column "at" should hold a timestamp'],
    ['x.csv', csv('2,,True,,\n'), 'row 2: column "flag" should hold true or false'],
    ['x.csv', csv('2,,,[1],\n'), 'row 2: column "tags" should hold a text'],
    ['x.csv', csv('2,,,[,\n'), 'row 2: column "tags" should hold JSON'],
    ['x.csv', '', 'it has no header'],
    ['x.jsonl', line({}).trim(), 'its last line has no end'],
    ['x.jsonl', `${line({})}{\n`, 'row 2: it is not JSON'],
    ['x.jsonl', `${line({})}[]\n`, 'row 2: it is no JSON object'],
    ['x.jsonl', `${line({})}12345678901234567890\n`, 'row 2: it is no JSON object'],
    ['x.jsonl', line({ id: '1' }), 'row 1: column "id" should hold a safe integer'],
    ['x.jsonl', line({ id: null }), 'row 1: column "id" should hold a value'],
    ['x.jsonl', line({ tags: 'a' }), 'row 1: column "tags" should hold a list'],
    ['x.jsonl', line({ at: 5 }), 'row 1: column "at" should hold a timestamp'],
    ['x.jsonl.gz', line({}), 'incorrect header check'],
    ['x.jsonl.gz', gzipSync(line({})).subarray(0, -9), 'unexpected end of file'],
    ['x.jsonl.zst', line({}), 'it is no zstd file, or damaged'],
    ['x.jsonl', Buffer.from([0x7b, 0xff]), 'utf-8'],
    ['x.parquet', 'no such thing as a footer', 'parquet file invalid'],
  ])('%s %#: is an error that says where', async (name, content, message) => {
    const path = join(folder, name);
    await writeFile(path, content);
    const format = name.startsWith('x.csv') ? 'csv' : name.startsWith('x.jsonl') ? 'jsonl' : 'parquet';
    const error: unknown = await read({ path, format }, columns).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OutputError);
    expect(String(error)).toContain(`Cannot read "${path}": `);
    expect(String(error)).toContain(message);
    expect(error).toMatchObject({ hint: expect.stringContaining('verify') });
  });

  it('is one that was cut, whatever its format and compression', async () => {
    for (const options of formats) {
      const { file, sizeBytes } = await write(createSink(options, nodeDisk), 'cut', nastyRows);
      await nodeDisk.truncate(file.path, sizeBytes - 7);
      await expect(read(file)).rejects.toBeInstanceOf(OutputError);
    }
  });

  it('is one that is not there', async () => {
    for (const format of ['csv', 'jsonl', 'parquet'] as const) {
      await expect(read({ path: join(folder, 'missing'), format })).rejects.toThrow(/Cannot .* ".*missing"/);
    }
  });

  it('cannot hide a cut between two frames of zstd', async () => {
    const { file } = await write(createSink({ format: 'jsonl', compression: 'zstd' }, nodeDisk), 'frames', [
      ...sources,
      // No cut falls within a character.
      ...hugeRows.map((row) => ({ ...row, text: 'plain'.repeat(300_000) })),
    ]);
    const bytes = await readFile(file.path);
    const second = bytes.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 4);
    expect(second).toBeGreaterThan(0);
    await writeFile(file.path, bytes.subarray(0, second));
    await expect(read(file)).rejects.toThrow('its last line has no end');
  });
});
