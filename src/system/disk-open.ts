import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  open as openByCallback,
  openSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { errorCode } from '../errors.ts';

/** Files are the owner's alone: messages are nobody else's business. */
const fileMode = 0o600;

/** For a pipe: opened at once, one without somebody at its other end would stop the whole program, Ctrl-C included. */
const openLater = promisify(openByCallback);

/**
 * Opens a file to read it. At once, as all that follows: the system opens a file in a tenth of the time that another
 * thread takes to be woken for it.
 *
 * @returns its descriptor
 */
export async function openToRead(path: string): Promise<number> {
  const found = statSync(path);
  return found.isFile() || found.isDirectory() ? openSync(path, 'r') : openLater(path, 'r');
}

/**
 * A file or a link that had the name goes first: it may lead to a file of somebody else, or be readable to all. A device
 * or a pipe stays and is written to: there is nothing in it to replace, and root could remove `/dev/full` itself.
 *
 * @returns its descriptor
 */
export async function createAnew(path: string): Promise<number> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;
  try {
    return openSync(path, flags, fileMode);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const found = lstatSync(path);
    if (!found.isFile() && !found.isSymbolicLink()) return openLater(path, constants.O_WRONLY | constants.O_NOFOLLOW);
    unlinkSync(path);
    return openSync(path, flags, fileMode);
  }
}

/** @returns its descriptor */
export async function openToAppend(path: string): Promise<number> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
  const there = lstatSync(path, { throwIfNoEntry: false });
  const isFile = there === undefined || there.isFile();
  const file = isFile ? openSync(path, flags, fileMode) : await openLater(path, flags);
  // Others may have made it. File systems that know no modes show one that cannot be changed.
  const found = fstatSync(file);
  if (found.isFile() && (found.mode & 0o077) !== 0) {
    try {
      fchmodSync(file, fileMode);
    } catch (error) {
      if (!['EPERM', 'ENOTSUP', 'ENOSYS'].includes(errorCode(error) ?? '')) {
        closeSync(file);
        throw error;
      }
    }
  }
  return file;
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
