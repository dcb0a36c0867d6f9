import { errorCode, OutputError } from '../errors.ts';

const permissionDenied = 'Give this user permission to write there, or name another place';

/** A colleague who verifies an archive of the user `archive` meets it. */
const readingDenied = 'Give this user permission to read it: the files of an archive belong to their owner alone';
const reading: readonly string[] = ['read', 'list', 'look at'];

const fullHint = 'run the same command again: a run resumes where it stopped';

/** What a user can do about an error of the file system, by its code. */
const hints: Readonly<Record<string, string>> = {
  ENOSPC: `Free some space and ${fullHint}`,
  EDQUOT: `Free some of the quota and ${fullHint}`,
  EROFS: 'The file system is read-only: name another place',
  EACCES: permissionDenied,
  EPERM: permissionDenied,
  EEXIST: 'A file has the name of the folder: name another place',
  ENOTDIR: 'A part of the path is a file: name another place',
  ELOOP: 'It is a symbolic link, which is not followed when something is written: remove it',
  ENOENT: 'A folder of the path is missing, or is one (as /proc) where nothing can be made: check the path',
  EISDIR: 'A folder has the name of the file: choose another name',
  ENAMETOOLONG: 'A name in the path is too long (most file systems take 255 bytes): choose a shorter one',
  EIO: `The disk, or the connection to it, fails: check it, and ${fullHint}`,
  ESTALE: `The network share is gone: check it, and ${fullHint}`,
  EMFILE: 'Raise the limit of open files (ulimit -n) to 256 at least',
  ENFILE: 'The system has too many files open: close other programs, or raise its limit (fs.file-max)',
};

/**
 * The permission model of Node: a right that can be given, or, in newer versions, what it takes from all (fsync among
 * it). Source: lib/fs.js ("API is disabled when Permission Model is enabled")
 */
function permissionHint(cause: unknown): string {
  const isDisabled = cause instanceof Error && cause.message.includes('disabled');
  return isDisabled
    ? 'Run Node.js without --permission: it disables what files are flushed with, and nothing is published unflushed'
    : 'Add --allow-fs-read, --allow-fs-write and --allow-worker to --permission, or run Node.js without it';
}

function hintOf(cause: unknown, action?: string): string | undefined {
  const code = errorCode(cause);
  const isDenied = code === 'EACCES' || code === 'EPERM';
  if (isDenied && action !== undefined && reading.includes(action)) return readingDenied;
  if (code === 'ERR_ACCESS_DENIED') return permissionHint(cause);
  return code === undefined ? undefined : hints[code];
}

/**
 * A limit of the system or of Node that shows wherever anything is opened (a module, a thread, a socket): no bug, and the
 * same to mend as for a file. undefined for other errors.
 */
export function asRefusal(error: unknown): OutputError | undefined {
  for (let cause = error; cause !== undefined && cause !== null; cause = causeOf(cause)) {
    const code = errorCode(cause) ?? '';
    if (!['EMFILE', 'ENFILE', 'ERR_ACCESS_DENIED'].includes(code)) continue;
    const hint = hintOf(cause);
    const what =
      code === 'ERR_ACCESS_DENIED' ? `Node.js denies access${permissionOf(cause)}` : 'Too many files are open';
    return new OutputError(`${what} (${code})`, { cause: error, ...(hint !== undefined && { hint }) });
  }
  return undefined;
}

/** `FileSystemWrite`, `WorkerThreads`… */
function permissionOf(error: unknown): string {
  const isNamed = typeof error === 'object' && error !== null && 'permission' in error;
  return isNamed && typeof error.permission === 'string' ? ` to ${error.permission}` : '';
}

function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}

/** @throws OutputError with a hint for what a user can mend (no space, read-only, no permission) */
export async function attempt<T>(action: string, path: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = errorCode(cause);
    const hint = hintOf(cause, action);
    const reason = code === 'EACCES' ? 'permission denied (EACCES)' : (code ?? String(cause));
    throw new OutputError(`Cannot ${action} "${meantPath(action, path)}": ${reason}`, {
      cause,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** What is written gets its name at the end: nobody knows the temporary one. */
function meantPath(action: string, path: string): string {
  return action === 'write' ? path.replace(/(?:\.\d+)?\.tmp$/, '') : path;
}

/** As `attempt`, but undefined for what does not exist. */
export async function unlessMissing<T>(
  action: string,
  path: string,
  work: () => Promise<T> | T,
): Promise<T | undefined> {
  return attempt(action, path, async () => {
    try {
      return await work();
    } catch (error) {
      // ENOTDIR: the path goes through a file, so there is nothing at its end.
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  });
}
