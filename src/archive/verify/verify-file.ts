import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import { hashFile } from '../hash-file.ts';
import type { HashedFile, ManifestFile } from '../manifest/manifest.ts';
import { parquetRows } from './parquet-rows.ts';
import type { Difference } from './verify-report.ts';

/** Compares a file's bytes with what its manifest says. A file that cannot be read is a difference like any other. */
export async function verifyFile(
  disk: Disk,
  archive: string,
  file: HashedFile | ManifestFile,
): Promise<Difference | undefined> {
  const path = join(archive, file.path);
  const differs = (problem: Difference['problem'], expected: unknown, actual: unknown): Difference => {
    return { path: file.path, problem, expected: String(expected), actual: String(actual) };
  };
  try {
    const sizeBytes = await disk.sizeBytes(path);
    if (sizeBytes === undefined) return differs('missing', `${file.sizeBytes} bytes`, 'no such file');
    if (sizeBytes !== file.sizeBytes) return differs('size', `${file.sizeBytes} bytes`, `${sizeBytes} bytes`);
    const sha256 = await hashFile(disk, path);
    if (sha256 !== file.sha256) return differs('sha256', file.sha256, sha256);
  } catch (error) {
    if (error instanceof OutputError) return differs('unreadable', `${file.sizeBytes} bytes`, error.message);
    throw error;
  }
  // The other formats have no count of their own: their hash speaks for their rows.
  if (!('rows' in file) || file.format !== 'parquet') return undefined;
  try {
    const rows = await parquetRows(disk, path, file.sizeBytes);
    return rows === file.rows ? undefined : differs('rows', `${file.rows} rows`, `${rows} rows in the file's footer`);
  } catch (error) {
    return differs('unreadable', 'a Parquet file', error instanceof Error ? error.message : String(error));
  }
}
