import { join } from 'node:path';
import { DifferenceError } from '../../errors.ts';
import type { Disk } from '../../system/disk.ts';
import type { HashedFile } from '../manifest/manifest.ts';
import { verifyFile } from './verify-file.ts';

/**
 * @param action completes "Cannot … <path>"
 * @throws DifferenceError for a file that is not what its manifest says
 */
export async function expectUnchanged(disk: Disk, archive: string, file: HashedFile, action: string): Promise<void> {
  const difference = await verifyFile(disk, archive, file);
  if (difference === undefined) return;
  const { expected, actual } = difference;
  throw new DifferenceError(
    `Cannot ${action} "${join(archive, file.path)}": its manifest says ${expected}, and it is ${actual}`,
    { hint: 'Nothing was changed. Restore the file from a backup; `verify` names every file that is not what it was' },
  );
}
