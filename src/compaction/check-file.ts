import { join } from 'node:path';
import type { ArchiveFile } from '../snapshot/archive-history.ts';
import { verifyFile } from '../archive/verify/verify-file.ts';
import type { Disk } from '../system/disk.ts';
import { DifferenceError } from '../errors.ts';

/** @throws DifferenceError when a file is not, byte for byte, what its manifest says: then nothing may be made of it */
export async function checkFile(disk: Disk, archive: string, file: ArchiveFile): Promise<void> {
  const { path, table, format, rows, sizeBytes, sha256 } = file;
  const difference = await verifyFile(disk, archive, { path, table, format, rows, sizeBytes, sha256 });
  if (difference === undefined) return;
  const { problem, expected, actual } = difference;
  const what = problem === 'sha256' ? `SHA-256 ${expected}` : expected;
  throw new DifferenceError(`Cannot compact "${join(archive, path)}": expected ${what}, found ${actual}`, {
    hint: 'Nothing was changed. Restore the file from a backup; `verify` names every file that is not what it was',
  });
}
