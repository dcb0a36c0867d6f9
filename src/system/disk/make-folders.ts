import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../../errors.ts';

/** Files and folders are the owner's alone: messages are nobody else's business. */
const folderMode = 0o700;

/** Node's own recursive mkdir says ENOENT for a read-only file system, and never returns for a path below /proc. */
export function makeFolders(path: string, parentIsThere = false): void {
  try {
    mkdirSync(path, { mode: folderMode });
  } catch (error) {
    const parent = dirname(path);
    if (errorCode(error) === 'ENOENT' && !parentIsThere && parent !== path) {
      makeFolders(parent);
      makeFolders(path, true);
    } else if (!isFolder(path)) {
      throw error;
    }
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
