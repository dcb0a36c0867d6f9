import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { OutputError } from '../../../src/errors.ts';
import type { ColumnSpec, Row } from '../../../src/model/column.ts';
import { readStoredRows } from '../../../src/readers/parquet/read-stored-rows.ts';
import { createParquetSink, storedRowsWriter, type RowGroupLimits } from '../../../src/sinks/parquet/parquet.ts';
import type { WrittenFile } from '../../../src/sinks/sink.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { nastyRows, nastySchema } from '../../../src/testing/nasty-rows.ts';
import type { ParquetOptions } from '../../../src/model/sink-options.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const manyRows: readonly Row[] = Array.from({ length: 3000 }, (_, index) => ({
  ...nastyRows[(index * 7) % nastyRows.length],
  id: index % 5 === 0 ? index : 5,
  name: `${index} of many`,
}));
const nullable = (columns: readonly ColumnSpec[]): ColumnSpec[] =>
  columns.map((column) => ({ ...column, nullable: true }));
const source = { rows: 700, sizeBytes: Infinity };
const target = { rows: 1100, sizeBytes: 200_000 };

describe('readStoredRows', () => {
  const pathOf = temporaryFolder();

  async function write(
    name: string,
    rows: readonly Row[],
    limits: RowGroupLimits,
    columns: readonly ColumnSpec[] = nastySchema.columns,
    options: ParquetOptions = { format: 'parquet', compression: 'snappy' },
  ): Promise<WrittenFile> {
    const writer = await createParquetSink(options, nodeDisk, limits).open(pathOf(name), { ...nastySchema, columns });
    await writer.write(rows);
    return writer.close();
  }

  /** Copies rows column by column, in pieces of `pieceRows`. */
  async function copy(
    columns: readonly ColumnSpec[],
    {
      isWanted,
      pieceRows = 130,
    }: { isWanted?: (row: Readonly<Record<string, unknown>>) => boolean; pieceRows?: number } = {},
  ): Promise<WrittenFile> {
    const sink = createParquetSink({ format: 'parquet', compression: 'snappy' }, nodeDisk, target);
    const writer = storedRowsWriter(await sink.open(pathOf('copy'), { ...nastySchema, columns }));
    const groups = await readStoredRows(nodeDisk, pathOf('x'), columns);
    if (writer === undefined || groups === undefined) throw new Error('Cannot copy by columns');
    for await (const rows of groups) {
      if (isWanted !== undefined) rows.keepWhere(['id', 'name', 'text', 'tags'], isWanted);
      while (rows.at < rows.rows) await writer.writeStored(rows, Math.min(rows.rows, rows.at + pieceRows));
    }
    return writer.close();
  }

  const writtenBy: readonly (readonly [string, ParquetOptions])[] = [
    ['zstd', { format: 'parquet' }],
    ['parquetjs-lite', { format: 'parquet', engine: 'parquetjs-lite' }],
    ['gzip', { format: 'parquet', compression: 'gzip' }],
    ['none', { format: 'parquet', compression: 'none' }],
  ];
  it.each(writtenBy.slice(0, quickOrLong(2, writtenBy.length)))(
    'copies a file of %s to the byte as if its rows had been written one by one',
    async (_, options) => {
      const rows = manyRows.slice(0, quickOrLong(800, manyRows.length));
      await write('x', rows, source, nastySchema.columns, options);
      const expected = await write('y', rows, target);
      expect(await copy(nastySchema.columns)).toEqual(expected);
      expect(await copy(nastySchema.columns, { pieceRows: Infinity })).toEqual(expected);
    },
  );

  it('copies long texts over many pages', async () => {
    const rows = manyRows.slice(0, 600).map((row, index) => ({ ...row, text: `${index} ${'é'.repeat(5000)}` }));
    await write('x', rows, { rows: 600, sizeBytes: Infinity });
    expect(await copy(nastySchema.columns)).toEqual(await write('y', rows, target));
  });

  it('copies what hyparquet-writer wrote by itself, as earlier versions of this program had it do', async () => {
    const columns: readonly ColumnSpec[] = [
      { name: 'id', type: { kind: 'int' }, nullable: false },
      { name: 'text', type: { kind: 'string' }, nullable: true },
      { name: 'shown', type: { kind: 'boolean' }, nullable: true },
    ];
    for (const length of [12, 2500]) {
      const rows: Row[] = manyRows
        .slice(0, length)
        .map(({ id = null, text = null, shown = null }) => ({ id, text, shown }));
      const columnData = [
        { name: 'id', data: rows.map(({ id }) => BigInt(Number(id))), type: 'INT64' as const, nullable: false },
        { name: 'text', data: rows.map(({ text }) => text), type: 'STRING' as const },
        { name: 'shown', data: rows.map(({ shown }) => shown), type: 'BOOLEAN' as const },
      ];
      await writeFile(pathOf('x'), Buffer.from(parquetWriteBuffer({ columnData, pageSize: 2000 })));
      expect(await copy(columns)).toEqual(await write('y', rows, target, columns));
    }
  });

  it('leaves out the rows that are not wanted, and shows texts and integers of those it asks about', async () => {
    await write('x', manyRows, source);
    const asked: Readonly<Record<string, unknown>>[] = [];
    const isWanted = (row: Readonly<Record<string, unknown>>): boolean => {
      asked.push(row);
      return Number(row['id']) % 2 === 0;
    };
    const kept = manyRows.filter(({ id }) => Number(id) % 2 === 0);
    expect(await copy(nastySchema.columns, { isWanted })).toEqual(await write('y', kept, target));
    expect(asked).toEqual(
      manyRows.map(({ id, name, text }) => ({
        id,
        name,
        text: typeof text === 'string' ? Buffer.from(text).toString() : text,
      })),
    );
  });

  it('makes room for nulls where the file could not have any, and for columns that it lacks', async () => {
    await write('x', manyRows, source);
    const more: ColumnSpec[] = nastySchema.columns.map((column) => ({ ...column, name: `new_${column.name}` }));
    const columns = [...nullable(more), ...nullable(nastySchema.columns)];
    const absent = Object.fromEntries(more.map(({ name }) => [name, null]));
    const rows = manyRows.map((row) => ({ ...absent, ...row }));
    expect(await copy(columns)).toEqual(await write('y', rows, target, columns));
  });

  it.each<[string, readonly ColumnSpec[]]>([
    ['a column of another type', [{ name: 'name', type: { kind: 'int' }, nullable: false }]],
    ['a column that may not be null and could be', [{ name: 'text', type: { kind: 'string' }, nullable: false }]],
    ['a missing column that may not be null', [{ name: 'gone', type: { kind: 'string' }, nullable: false }]],
    [
      'a struct that had fewer fields',
      [
        {
          name: 'maybe_reactions',
          type: {
            kind: 'structs',
            fields: [
              { name: 'emoji', kind: 'string' },
              { name: 'count', kind: 'int' },
            ],
          },
          nullable: true,
        },
      ],
    ],
  ])('says that rows have to be read one by one for %s', async (_, columns) => {
    await write('x', nastyRows, source);
    const id = nastySchema.columns.filter(({ name }) => name === 'id');
    expect(await readStoredRows(nodeDisk, pathOf('x'), [...id, ...columns])).toBeUndefined();
  });

  it('names the file that is none of Parquet', async () => {
    await writeFile(pathOf('x'), 'no Parquet at all, but long enough to have a footer');
    await expect(readStoredRows(nodeDisk, pathOf('x'), nastySchema.columns)).rejects.toBeInstanceOf(OutputError);
  });

  it('is for the engine that works by columns', async () => {
    const lite = await createParquetSink({ format: 'parquet', engine: 'parquetjs-lite' }, nodeDisk).open(
      pathOf('lite'),
      nastySchema,
    );
    expect(storedRowsWriter(lite)).toBeUndefined();
    await lite.abort();
  });
});
