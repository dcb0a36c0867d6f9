import type { Disk } from '../system/disk.ts';
import type { ColumnSpec, Row } from '../model/column.ts';
import type { DataFile } from './data-file.ts';
import { readCsv } from './read-csv.ts';
import { readJsonl } from './read-jsonl.ts';
import { readParquet } from './parquet/read-parquet.ts';
import { readablePieces } from './readable.ts';

/**
 * Reads a file of a built-in sink back: the rows that were written, in order, in batches of some thousand at most, with
 * the values that sinks take. In memory at a time: a megabyte or so of text, or a row group of Parquet.
 *
 * What no format can hold is not what it was: lone surrogates are U+FFFD, and what `excelSafe` put before a text stays.
 *
 * @param columns what rows are to have, in this order; one that the file does not have is null, whatever its type says
 * @throws OutputError when the file is missing or not of its format, a value is not of its column's type, or it has none
 *   of the columns
 */
export function readDataFile(
  disk: Disk,
  { path, format }: DataFile,
  columns: readonly ColumnSpec[],
): AsyncIterable<readonly Row[]> {
  switch (format) {
    case 'parquet':
      return readablePieces(path, readParquet(disk, path, columns));
    case 'csv':
      return readablePieces(path, readCsv(disk, path, columns));
    case 'jsonl':
      return readablePieces(path, readJsonl(disk, path, columns));
  }
}
