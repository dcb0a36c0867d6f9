import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { JobError } from '../../../src/errors.ts';
import { type RowGroupLimits, createParquetSink } from '../../../src/sinks/parquet/parquet.ts';
import type { ParquetEngine } from '../../../src/model/sink-options.ts';
import type { FileSchema } from '../../../src/sinks/sink.ts';
import type { Row } from '../../../src/model/column.ts';
import { countingDisk } from '../../support/disk/counting-disk.ts';
import { DuckDbReader } from '../../support/sinks/duckdb-reader.ts';
import { nastySchema } from '../../../src/testing/nasty-rows.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const textSchema: FileSchema = {
  table: 'messages',
  metadata: {},
  columns: [
    { name: 'id', type: { kind: 'int' }, nullable: false },
    { name: 'msg', type: { kind: 'string' }, nullable: true },
  ],
};

const longIt = quickOrLong(it.skip, it);

const engines = ['hyparquet', 'parquetjs-lite'] as const satisfies readonly ParquetEngine[];

describe.each(engines)('createParquetSink, engine %s', (engine) => {
  const pathOf = temporaryFolder();
  let duckDb: DuckDbReader;
  beforeAll(async () => {
    duckDb = await DuckDbReader.open();
  });
  afterAll(() => duckDb.close());

  async function write(schema: FileSchema, rows: readonly Row[], rowGroup?: RowGroupLimits): Promise<FileMetaData> {
    const sink = createParquetSink({ format: 'parquet', engine }, countingDisk(), rowGroup);
    const writer = await sink.open(pathOf('x'), schema);
    await writer.write(rows);
    await writer.close();
    return parquetMetadataAsync(await asyncBufferFromFile(pathOf('x')));
  }

  function messages(texts: readonly (string | null)[]): Row[] {
    return texts.map((msg, id) => ({ id, msg }));
  }

  it('tells query engines the types', async () => {
    // Without logical types DuckDB takes a timestamp for local time.
    const timestamp = engine === 'hyparquet' ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP';
    await write(nastySchema, []);
    const described = await duckDb.query(`DESCRIBE FROM read_parquet('${pathOf('x')}')`);
    expect(Object.fromEntries(described.map((row) => [row['column_name'], row['column_type']]))).toEqual({
      id: 'BIGINT',
      name: 'VARCHAR',
      text: 'VARCHAR',
      ts: timestamp,
      edited_at: timestamp,
      size: 'BIGINT',
      pinned: 'BOOLEAN',
      shown: 'BOOLEAN',
      extra: 'JSON',
      tags: 'VARCHAR[]',
      maybe_tags: 'VARCHAR[]',
      reactions: `STRUCT(emoji VARCHAR, count BIGINT, usernames VARCHAR[], first_at ${timestamp}, mine BOOLEAN)[]`,
      maybe_reactions: 'STRUCT(emoji VARCHAR, usernames VARCHAR[])[]',
    });
  });

  it('writes lists in three levels and says what may be null', async () => {
    const { schema } = await write(nastySchema, []);
    const elements = schema.map(({ name, repetition_type: repetition }) => `${name} ${repetition ?? 'root'}`);
    expect(elements.slice(elements.indexOf('tags REQUIRED'), elements.indexOf('emoji OPTIONAL'))).toEqual([
      'tags REQUIRED',
      'list REPEATED',
      'element REQUIRED',
      'maybe_tags OPTIONAL',
      'list REPEATED',
      'element REQUIRED',
      'reactions REQUIRED',
      'list REPEATED',
      'element REQUIRED',
    ]);
    expect(elements).toContain('name REQUIRED');
    expect(elements).toContain('text OPTIONAL');
  });

  it('keeps the metadata of the file', async () => {
    await write(nastySchema, []);
    const { key_value_metadata: pairs } = await parquetMetadataAsync(await asyncBufferFromFile(pathOf('x')));
    expect(Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, value]))).toEqual(nastySchema.metadata);
    const read = await duckDb.query(`SELECT decode(key) AS key FROM parquet_kv_metadata('${pathOf('x')}')`);
    expect(read.map(({ key }) => key)).toEqual(Object.keys(nastySchema.metadata));
  });

  it('cuts row groups by rows', async () => {
    const { row_groups: groups } = await write(textSchema, messages(Array<string>(25).fill('a')), {
      rows: 10,
      sizeBytes: Infinity,
    });
    expect(groups.map(({ num_rows: rows }) => Number(rows))).toEqual([10, 10, 5]);
  });

  it('cuts row groups by bytes, after the row that reaches the limit', async () => {
    const texts = ['a', 'x'.repeat(1000), 'b', 'c', 'y'.repeat(2000), 'd'];
    const { row_groups: groups } = await write(textSchema, messages(texts), { rows: 100, sizeBytes: 1000 });
    expect(groups.map(({ num_rows: rows }) => Number(rows))).toEqual([2, 3, 1]);
  });

  const itOfEngine = engine === 'hyparquet' ? it : longIt;
  itOfEngine('holds no row group larger than its engine can keep in little memory', async () => {
    const [rowsAtMost, megabytesAtMost] = engine === 'hyparquet' ? [122_880, 64] : [10_000, 8];
    const { row_groups: many } = await write(textSchema, messages(Array<null>(rowsAtMost + 1).fill(null)));
    expect(many.map(({ num_rows: rows }) => Number(rows))).toEqual([rowsAtMost, 1]);
    const megabytes = Array<string>(megabytesAtMost + 3).fill('x'.repeat(1024 * 1024));
    const { row_groups: large } = await write(textSchema, messages(megabytes));
    expect(large.map(({ num_rows: rows }) => Number(rows))).toEqual([megabytesAtMost, 3]);
  });

  // Order by UTF-16 unit puts 😀 before ～; by UTF-8 byte, which is what readers go by, it comes after.
  const texts = [
    '😀',
    'ｱ full width',
    '～',
    '！',
    '🎉 party',
    'é',
    'plain',
    '',
    '\ue000',
    '\u{10ffff}',
    null,
    '\ud83d half',
  ];

  it('keeps the smallest and largest text of a row group by UTF-8 bytes, or none', async () => {
    const { row_groups: groups } = await write(textSchema, messages(texts));
    const statistics = groups[0]?.columns[1]?.meta_data?.statistics;
    if (engine === 'hyparquet') {
      expect(statistics).toMatchObject({ min_value: '', max_value: '\u{10ffff}', null_count: 1n });
    } else {
      expect(statistics).toBeUndefined();
    }
  });

  it('keeps the smallest and largest integer and time of a row group', async () => {
    const rows = ([-5, 3, -5, null, 12] as const).map((size) => ({ size, at: new Date(size ?? -86_400_000) }));
    const schema: FileSchema = {
      table: 'messages',
      metadata: {},
      columns: [
        { name: 'size', type: { kind: 'int' }, nullable: true },
        { name: 'at', type: { kind: 'timestamp' }, nullable: false },
      ],
    };
    const { row_groups: groups } = await write(schema, rows);
    const [size, at] = groups[0]?.columns.map((column) => column.meta_data?.statistics) ?? [];
    expect(size).toMatchObject({ min_value: -5n, max_value: 12n, null_count: 1n });
    expect(at).toMatchObject({ min_value: new Date(-86_400_000), max_value: new Date(12), null_count: 0n });
    // Optional; but one that takes equal times for different ones misleads whoever plans a query by it.
    expect([size?.distinct_count, at?.distinct_count]).toEqual(
      engine === 'hyparquet' ? [undefined, undefined] : [3n, 4n],
    );
  });

  it('lets filters find every row, over many row groups, whatever the text', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => texts[(index * 7) % texts.length] ?? null);
    await write(textSchema, messages(many), { rows: 50, sizeBytes: Infinity });
    const stored = many.map((text) => (text === null ? null : Buffer.from(text)));
    for (const wanted of texts.filter((text) => text !== null)) {
      const bytes = Buffer.from(wanted);
      const literal = `'${bytes.toString()}'`;
      const expected = {
        equal: stored.filter((text) => text?.equals(bytes)).length,
        from: stored.filter((text) => text !== null && Buffer.compare(text, bytes) >= 0).length,
        below: stored.filter((text) => text !== null && Buffer.compare(text, bytes) < 0).length,
      };
      // A scan for each condition: only then do engines prune by statistics.
      const count = (operator: string) =>
        `(SELECT count(*) FROM read_parquet('${pathOf('x')}') WHERE msg ${operator} ${literal})`;
      const [counts] = await duckDb.query(
        `SELECT ${count('=')} AS equal, ${count('>=')} AS "from", ${count('<')} AS below`,
      );
      expect(counts).toEqual(expected);
    }
  });

  it('keeps a byte order mark at the beginning of a text', async () => {
    await write(textSchema, messages(['\ufeffmarked']));
    const [row] = await duckDb.query(`SELECT hex(encode(msg)) AS hex FROM read_parquet('${pathOf('x')}')`);
    expect(row).toEqual({ hex: Buffer.from('\ufeffmarked').toString('hex').toUpperCase() });
  });

  it('counts the rows of a page, not the elements of its lists, where pages say how many', async () => {
    const schema: FileSchema = {
      table: 'messages',
      metadata: {},
      columns: [{ name: 'tags', type: { kind: 'strings' }, nullable: false }],
    };
    const { row_groups: groups } = await write(schema, Array<Row>(10).fill({ tags: ['a', 'b', 'c'] }));
    const bytes = await readFile(pathOf('x'));
    const offset = Number(groups[0]?.columns[0]?.meta_data?.data_page_offset);
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
    // PageHeader of parquet.thrift: 5 is a data page of the first kind, 8 of the second, whose field 3 is num_rows.
    const { field_5: first, field_8: second } = deserializeTCompactProtocol({ view, offset: 0 });
    if (engine === 'hyparquet') {
      expect(second).toMatchObject({ field_3: 10 });
    } else {
      expect(first).toBeDefined();
    }
  });

  it('has an index of pages that reads single rows, in lists too, or none', async () => {
    const tags = Array.from({ length: 40 }, (_, index) => `tag ${index} ${'x'.repeat(40)}`);
    const schema: FileSchema = {
      table: 'messages',
      metadata: {},
      columns: [{ name: 'tags', type: { kind: 'strings' }, nullable: false }],
    };
    // More than two pages of 1 MB.
    const rows = Array.from({ length: 1200 }, (_, index) => ({ tags: tags.map((tag) => `${index} ${tag}`) }));
    const indexed = await write(schema, rows.slice(0, engine === 'hyparquet' ? rows.length : 2));
    const hasIndex = indexed.row_groups[0]?.columns[0]?.offset_index_offset !== undefined;
    expect(hasIndex).toBe(engine === 'hyparquet');
    if (!hasIndex) return;
    const file = await asyncBufferFromFile(pathOf('x'));
    const [read] = await parquetReadObjects({ file, compressors, rowStart: 900, rowEnd: 901, useOffsetIndex: true });
    expect(read).toEqual(rows[900]);
  });

  it.each([
    ['no string', 'name', 1, 'a string'],
    ['null where there is none', 'name', null, 'a string'],
    ['text for a date', 'ts', '2024-05-01T00:00:00.000Z', 'a date'],
    ['an invalid date', 'ts', new Date(Number.NaN), 'a date'],
    ['a fraction', 'id', 1.5, 'a safe integer'],
    ['an integer that a double cannot hold', 'id', 2 ** 53, 'a safe integer'],
    ['no list', 'tags', 'a', 'a list'],
    ['null in a list', 'tags', [null], 'a string'],
    ['no struct', 'reactions', ['a'], 'a struct'],
  ])('refuses %s with the row, before anything is encoded', async (_, column, value, expected) => {
    const writer = await createParquetSink({ format: 'parquet', engine }, countingDisk()).open(
      pathOf('bad'),
      nastySchema,
    );
    const good: Row = {
      ...{ id: 1, name: '', text: null, ts: new Date(0), edited_at: null, size: null, pinned: true, shown: null },
      ...{ extra: null, tags: [], maybe_tags: null, reactions: [] },
    };
    await writer.write([good]);
    await expect(writer.write([{ ...good, [column]: value }])).rejects.toThrow(
      `column "${column}" to Parquet: expected ${expected}`,
    );
    await writer.abort();
  });
});

describe('createParquetSink', () => {
  it('refuses zstd where the engine has none', () => {
    expect(() =>
      createParquetSink({ format: 'parquet', engine: 'parquetjs-lite', compression: 'zstd' }, countingDisk()),
    ).toThrow(JobError);
  });
});
