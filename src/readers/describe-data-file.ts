import type { Disk } from '../system/disk.ts';
import type { ParquetOptions, SinkOptions } from '../model/sink-options.ts';
import type { DataFile } from './data-file.ts';
import { FormatError } from './format-error.ts';
import { readable } from './readable.ts';
import { readCsvHeader } from './read-csv.ts';
import { jsonlColumns } from './read-jsonl.ts';
import { parquetColumns, parquetMetadata } from './parquet/read-parquet.ts';
import { textCompression } from './read-text.ts';

/** How a file was written: what has to be known to write its rows again in the same way. */
export interface DataFileDescription {
  /** Names of the columns that the file has, in order; null for JSONL without rows, which names none. */
  readonly columns: readonly string[] | null;
  /**
   * Options of the sink that writes such files. Not among them, because no file shows it: `excelSafe` (rows that were
   * made safe stay so without it), and the compression of a Parquet file without rows.
   */
  readonly options: SinkOptions;
  /** What a Parquet file says of itself; empty for the other formats, which have no place for it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads what a file says of itself: the footer of Parquet, the first line of the others.
 *
 * @throws OutputError when the file is missing, or not of its format
 */
export function describeDataFile(disk: Disk, { path, format }: DataFile): Promise<DataFileDescription> {
  return readable(path, async () => {
    switch (format) {
      case 'parquet': {
        const metadata = await parquetMetadata(disk, path);
        return {
          columns: parquetColumns(metadata),
          options: {
            format,
            engine: metadata.created_by === parquetjsLite ? 'parquetjs-lite' : 'hyparquet',
            ...parquetCompression(metadata.row_groups[0]?.columns[0]?.meta_data?.codec),
          },
          metadata: Object.fromEntries(
            (metadata.key_value_metadata ?? []).map(({ key, value }): [string, string] => [key, value ?? '']),
          ),
        };
      }
      case 'csv': {
        const { columns, delimiter, bom } = await readCsvHeader(disk, path);
        return { columns, options: { format, delimiter, bom, compression: textCompression(path) }, metadata: {} };
      }
      case 'jsonl': {
        const columns = await jsonlColumns(disk, path);
        return { columns, options: { format, compression: textCompression(path) }, metadata: {} };
      }
    }
  });
}

/** Names of the columns that a file has, in order; null when it names none. @throws OutputError as above */
export async function columnsOfFile(disk: Disk, file: DataFile): Promise<readonly string[] | null> {
  return (await describeDataFile(disk, file)).columns;
}

/** The name that parquetjs-lite gives itself in the files it writes. */
const parquetjsLite = 'parquet.js';

/** All columns of a file have one. */
function parquetCompression(codec: string | undefined): Pick<ParquetOptions, 'compression'> {
  switch (codec) {
    case undefined:
      return {};
    case 'ZSTD':
      return { compression: 'zstd' };
    case 'SNAPPY':
      return { compression: 'snappy' };
    case 'GZIP':
      return { compression: 'gzip' };
    case 'UNCOMPRESSED':
      return { compression: 'none' };
    default:
      throw new FormatError(`its compression ${codec} is none of those this program writes`);
  }
}
