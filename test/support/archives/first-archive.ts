import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile } from '../../../src/system/disk.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';

const published = join(import.meta.dirname, '../../fixtures/version-1/published');

/** Three runs of the first program: their manifests are of format version 1. */
export async function firstArchive(archive: string): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  for (const entry of await readdir(published, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const to = join(archive, path.slice(published.length));
    await disk.makeFolder(dirname(to));
    await replaceFile(disk, to, await readFile(path));
  }
  return disk;
}
