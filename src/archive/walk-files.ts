import { join } from 'node:path';
import type { Disk } from '../system/disk.ts';

interface FoundFile {
  /** Relative to the folder the walk began at, `/` between the parts. */
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * Every file below a folder, folder by folder, sorted by name; none when the folder is missing. A link to a folder counts
 * as a file: behind it lies somebody else's, or the same once more.
 */
export async function* walkFiles(disk: Disk, folder: string, prefix = ''): AsyncGenerator<FoundFile> {
  for (const entry of (await disk.list(folder)) ?? []) {
    const path = join(folder, entry);
    if (!(await disk.isLink(path)) && (await disk.list(path)) !== undefined) {
      yield* walkFiles(disk, path, `${prefix}${entry}/`);
      continue;
    }
    const sizeBytes = await disk.sizeBytes(path);
    if (sizeBytes !== undefined) yield { name: `${prefix}${entry}`, path, sizeBytes };
  }
}
