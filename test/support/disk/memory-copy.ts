import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile } from '../../../src/system/disk.ts';
import { MemoryDisk } from './memory-disk.ts';

/** A disk with what a real folder has, such as one of the fixtures, as its folder `to`. */
export async function memoryCopy(folder: string, to: string): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const copy = join(to, path.slice(folder.length));
    await disk.makeFolder(dirname(copy));
    await replaceFile(disk, copy, await readFile(path));
  }
  return disk;
}
