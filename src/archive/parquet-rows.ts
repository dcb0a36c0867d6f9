import { parquetMetadataAsync } from 'hyparquet';
import type { Disk } from '../disk.ts';

/** Rows by the footer of a Parquet file: a second witness beside the manifest. Throws for a file that has none. */
export async function parquetRows(disk: Disk, path: string, sizeBytes: number): Promise<number> {
  const slice = async (start: number, end = sizeBytes): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(end - start);
    let filled = 0;
    for await (const chunk of disk.readChunks(path, start)) {
      const wanted = chunk.subarray(0, bytes.length - filled);
      bytes.set(wanted, filled);
      filled += wanted.length;
      if (filled === bytes.length) break;
    }
    return bytes.buffer;
  };
  const metadata = await parquetMetadataAsync({ byteLength: sizeBytes, slice }, { geoparquet: false });
  return Number(metadata.num_rows);
}
