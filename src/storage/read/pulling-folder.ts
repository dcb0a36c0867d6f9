import { join } from 'node:path';
import { OutputError } from '../../errors.ts';
import { replaceFile, type Disk } from '../../system/disk.ts';

/** In a folder that a pull makes, until it is whole: whatever else lies there is of a pull that was cut. */
export const pullingMark = '_pulling';

/**
 * Whatever a pull does not need of its folder it removes: so it takes over one that a pull made, and no other.
 *
 * @throws OutputError for a folder that holds anything, and is not that of a pull
 */
export async function expectPullingFolder(disk: Disk, folder: string): Promise<void> {
  const isFile = (await disk.sizeBytes(folder)) !== undefined && (await disk.list(folder)) === undefined;
  const names = (await disk.list(folder)) ?? [];
  // A pull that was killed before it could mark its folder has left its lock.
  const others = names.filter((name) => !name.startsWith('_lock'));
  if (!isFile && (others.length === 0 || names.includes(pullingMark))) return;
  throw new OutputError(`Cannot pull by way of "${folder}": there is something that no pull has left there`, {
    hint: 'A pull makes its archive in that folder first: move it elsewhere, or pull to another --output',
  });
}

export async function markPullingFolder(disk: Disk, folder: string): Promise<void> {
  await replaceFile(disk, join(folder, pullingMark), Buffer.from('A pull is making an archive here\n'));
}
