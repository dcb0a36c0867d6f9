import { constants, fstatSync } from 'node:fs';
import { lstat, open, readFile, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { errorCode } from '../errors.ts';

/** Files are the owner's alone: messages are nobody else's business. */
const fileMode = 0o600;

/**
 * A file or a link that had the name goes first: it may lead to a file of somebody else, or be readable to all. A device
 * or a pipe stays and is written to: there is nothing in it to replace, and root could remove `/dev/full` itself.
 */
export async function createAnew(path: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  try {
    return await open(path, flags, fileMode);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const found = await lstat(path);
    if (!found.isFile() && !found.isSymbolicLink()) return open(path, constants.O_WRONLY | constants.O_NOFOLLOW);
    await unlink(path);
    return open(path, flags, fileMode);
  }
}

export async function openToAppend(path: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  const handle = await open(path, flags, fileMode);
  // Others may have made it. File systems that know no modes show one that cannot be changed.
  const found = fstatSync(handle.fd);
  if (found.isFile() && (found.mode & 0o077) !== 0) {
    await handle.chmod(fileMode).catch((error: unknown) => {
      if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(errorCode(error) ?? '')) throw error;
    });
  }
  return handle;
}

/** Copies where nothing can be linked, as on exFAT and some network shares. */
export async function createFrom(from: string, to: string): Promise<boolean> {
  const content = await readFile(from);
  let handle: FileHandle;
  try {
    handle = await open(to, 'wx', fileMode);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return true;
}
