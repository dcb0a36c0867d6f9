import { dirname } from 'node:path';
import { createFile } from '../../system/create-file.ts';
import type { Disk } from '../../system/disk.ts';

/**
 * Writes files that nobody may have made before, and removes them again when the check of them fails: the command is given
 * once more then, and one holds a login.
 *
 * @param files text by absolute path
 * @throws what the check throws; OutputError for a file that is there
 */
export async function createChecked<T>(
  disk: Disk,
  files: Readonly<Record<string, string>>,
  check: () => Promise<T>,
): Promise<T> {
  const made: string[] = [];
  const madeFolders: string[] = [];
  try {
    for (const [path, text] of Object.entries(files)) {
      const folder = dirname(path);
      if ((await disk.list(folder)) === undefined) madeFolders.push(folder);
      await disk.makeFolder(folder);
      await createFile(disk, path, text);
      made.push(path);
    }
    return await check();
  } catch (error) {
    for (const path of made) await disk.remove(path);
    for (const folder of madeFolders) await disk.removeEmptyFolder(folder).catch(() => undefined);
    throw error;
  }
}
