import type { ColumnMetaData } from 'hyparquet';
import { type Disk, readRange } from '../../system/disk.ts';

/** The part of a file that holds some column chunks of a row group, read once. */
interface RowGroupBytes {
  /** Where it begins and ends in the file. */
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** @throws OutputError when the disk refuses, or the file ends before */
export async function rowGroupBytes(
  disk: Disk,
  path: string,
  chunks: readonly ColumnMetaData[],
): Promise<RowGroupBytes> {
  let [start, end] = [Infinity, 0];
  for (const chunk of chunks) {
    const from = chunkStart(chunk);
    start = Math.min(start, from);
    end = Math.max(end, from + Number(chunk.total_compressed_size));
  }
  return { start, end, bytes: await readRange(disk, path, start, end) };
}

/** The bytes of one of these chunks. */
export function bytesOfChunk({ start, bytes }: RowGroupBytes, chunk: ColumnMetaData): Uint8Array<ArrayBuffer> {
  const from = chunkStart(chunk) - start;
  return bytes.subarray(from, from + Number(chunk.total_compressed_size));
}

function chunkStart(chunk: ColumnMetaData): number {
  return Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
}
