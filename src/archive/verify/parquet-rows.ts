import { parquetMetadataAsync } from 'hyparquet';
import { readRange } from '../../system/disk.ts';
import type { Disk } from '../../system/disk.ts';

/** Rows by the footer of a Parquet file: a second witness beside the manifest. Throws for a file that has none. */
export async function parquetRows(disk: Disk, path: string, sizeBytes: number): Promise<number> {
  const slice = async (start: number, end = sizeBytes): Promise<ArrayBuffer> =>
    (await readRange(disk, path, start, end)).buffer;
  const metadata = await parquetMetadataAsync({ byteLength: sizeBytes, slice }, { geoparquet: false });
  return Number(metadata.num_rows);
}
