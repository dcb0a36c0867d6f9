import { dirname } from 'node:path';
import { replaceFile, type Disk } from '../../system/disk.ts';

/** Makes a file have this content, and leaves one that has it as it is. */
export async function replaceIfOther(disk: Disk, path: string, content: Buffer): Promise<void> {
  const found = await disk.readFile(path);
  // A rename that was cut before its flush looks done, and is not.
  await (found?.equals(content) === true ? disk.syncFolder(dirname(path)) : replaceFile(disk, path, content));
}
