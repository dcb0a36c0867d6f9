import { gunzipSync } from 'node:zlib';
import type { AsyncBuffer, Compressors, FileMetaData, ParquetParsers, RowGroup } from 'hyparquet';
import { readRange } from '../../system/disk.ts';
import type { Disk } from '../../system/disk.ts';
import type { ColumnSpec, Row, Value } from '../../model/column.ts';
import type { JsonValue } from '../../model/json/json-value.ts';
import { loadZstd } from '../../system/zstd.ts';
import { FormatError } from '../format-error.ts';
import { parseJsonValue, valueReader } from '../read-value.ts';
import { rowGroupBytes } from './row-group-bytes.ts';
import { inRow, positionsOf, rowOfCells } from '../row-of-cells.ts';

/** A row group may hold a hundred thousand rows: as columns in memory they are small, as objects they are not. */
const batchRows = 1000;

/** hyparquet's own would parse json, and take a byte order mark at the beginning of a text away. */
const parsers: Partial<ParquetParsers> = { stringFromBytes: textOf, jsonFromBytes: textOf };

function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

/** Rows of a file of the Parquet sink, by either engine. In memory at a time: the columns asked for of one row group. */
export async function* readParquet(
  disk: Disk,
  path: string,
  columns: readonly ColumnSpec[],
): AsyncGenerator<readonly Row[]> {
  const metadata = await parquetMetadata(disk, path);
  const positions = positionsOf(columns, parquetColumns(metadata));
  const present = columns.filter((_, index) => positions[index] !== undefined);
  const compressors = await compressorsFor(metadata);
  let before = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const source = { file: await rowGroupFile(disk, path, group, present), compressors };
    const cells = await readColumns(source, metadata, group, present);
    const toRow = rowOfCells<number>(
      columns,
      columns.map(({ name }) => cells.get(name) ?? (() => null)),
    );
    for (let from = 0; from < rows; from += batchRows) {
      const length = Math.min(batchRows, rows - from);
      yield Array.from({ length }, (_, index) => inRow(before + from + index + 1, () => toRow(from + index)));
    }
    before += rows;
  }
}

/** @throws FormatError for a file that is none of Parquet; OutputError when the disk refuses */
export async function parquetMetadata(disk: Disk, path: string): Promise<FileMetaData> {
  const { parquetMetadataAsync } = await import('hyparquet');
  const sizeBytes = await disk.sizeBytes(path);
  if (sizeBytes === undefined) throw new FormatError('there is no such file');
  const slice = async (start: number, end = sizeBytes): Promise<ArrayBuffer> =>
    (await readRange(disk, path, start, end)).buffer;
  return parquetMetadataAsync({ byteLength: sizeBytes, slice }, { geoparquet: false });
}

/** The compressions that pages of a file may have, beside those that hyparquet brings. */
export async function compressorsFor(metadata: FileMetaData): Promise<Compressors> {
  const zstd = usesZstd(metadata) ? { ZSTD: (await loadZstd()).decompress } : {};
  return { GZIP: (page) => gunzipSync(page), ...zstd };
}

/** Names of the top-level columns. */
export function parquetColumns(metadata: FileMetaData): readonly string[] {
  const names: string[] = [];
  const [, ...elements] = metadata.schema;
  /** Elements below the top-level column in hand, which are listed depth first. */
  let below = 0;
  for (const { name, num_children: children = 0 } of elements) {
    if (below === 0) names.push(name);
    else below -= 1;
    below += children;
  }
  return names;
}

function usesZstd({ row_groups: groups }: FileMetaData): boolean {
  return groups.some(({ columns }) => columns.some(({ meta_data: chunk }) => chunk?.codec === 'ZSTD'));
}

interface Source {
  readonly file: AsyncBuffer;
  readonly compressors: Compressors;
}

/** By name: the function that reads the column's value of a row of the group. */
async function readColumns(
  { file, compressors }: Source,
  metadata: FileMetaData,
  group: RowGroup,
  columns: readonly ColumnSpec[],
): Promise<ReadonlyMap<string, (row: number) => Value>> {
  const { parquetScan } = await import('hyparquet');
  const rows = Number(group.num_rows);
  const scan = await parquetScan({
    file,
    // As if the group were the file: nothing else has to be planned.
    metadata: { ...metadata, row_groups: [group], num_rows: group.num_rows },
    columns: columns.map(({ name }) => name),
    compressors,
    parsers,
    useOffsetIndex: false,
    geoparquet: false,
  });
  const cells = new Map<string, (row: number) => Value>();
  for (const column of columns) {
    const values: ArrayLike<unknown> = await scan.readColumn({ column: column.name, rowStart: 0, rowEnd: rows });
    if (values.length !== rows) {
      throw new FormatError(`column "${column.name}" has ${values.length} of the ${rows} rows of a row group`);
    }
    const read = valueReader<unknown>(column, jsonOf);
    cells.set(column.name, (row) => read(values[row] ?? null));
  }
  return cells;
}

/** What a cell of a column of json stands for. @throws FormatError */
export function jsonOf(text: unknown): JsonValue {
  if (typeof text === 'string') return parseJsonValue(text);
  throw new FormatError('a column of json should hold text');
}

/** A row group's columns as a file that holds nothing else. */
async function rowGroupFile(
  disk: Disk,
  path: string,
  group: RowGroup,
  columns: readonly ColumnSpec[],
): Promise<AsyncBuffer> {
  const wanted = new Set(columns.map(({ name }) => name));
  const chunks = group.columns.flatMap(({ meta_data: chunk }) =>
    chunk !== undefined && wanted.has(chunk.path_in_schema[0] ?? '') ? [chunk] : [],
  );
  const { start, end, bytes } = await rowGroupBytes(disk, path, chunks);
  return {
    byteLength: end,
    slice: (from, to = end) => bytes.buffer.slice(from - start, to - start),
  };
}
