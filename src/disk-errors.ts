import { OutputError } from './errors.ts';

const permissionHint = 'Give this user write permission, or choose another output folder';
const fullHint = 'run the same command again: it goes on where it stopped';

/** What a user can do about an error of the file system, by its code. */
const hints: Readonly<Record<string, string>> = {
  ENOSPC: `Free some space and ${fullHint}`,
  EDQUOT: `Free some of the quota and ${fullHint}`,
  EROFS: 'The file system is read-only: choose another output folder',
  EACCES: permissionHint,
  EPERM: permissionHint,
  EEXIST: 'A file has the name of the folder: choose another output folder',
  ENOTDIR: 'A part of the path is a file: choose another output folder',
  ELOOP: 'It is a symbolic link, which is not followed when something is written: remove it',
  EMFILE: 'Raise the limit of open files (ulimit -n) to 256 at least',
  ENFILE: 'The system has too many files open: close other programs, or raise its limit (fs.file-max)',
  // Node's permission model also forbids what works on open files, fsync among it, whatever is allowed otherwise.
  ERR_ACCESS_DENIED:
    'Run Node.js without --permission: it forbids to flush files to the disk, without which nothing is safe to publish',
};

/** What is wrong when anything at all (a module, a thread, a socket) could not be opened; undefined for other errors. */
export function asTooManyFiles(error: unknown): OutputError | undefined {
  for (let cause = error; cause !== undefined && cause !== null; cause = causeOf(cause)) {
    const code = codeOf(cause);
    if (code === 'EMFILE' || code === 'ENFILE') {
      return new OutputError(`Too many files are open (${code})`, { cause: error, hint: hints[code] ?? '' });
    }
  }
  return undefined;
}

function causeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
}

/** The code of an error of Node or the system; undefined for any other value. */
export function codeOf(error: unknown): string | undefined {
  // Not instanceof Error: Node's own errors may come from another realm (a vm context, as in tests).
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : undefined;
}

/** @throws OutputError with a hint for what a user can mend (no space, read-only, no permission) */
export async function attempt<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const code = codeOf(cause);
    const hint = code === undefined ? undefined : hints[code];
    throw new OutputError(`Cannot ${action} "${path}": ${code ?? String(cause)}`, {
      cause,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** As `attempt`, but undefined for what does not exist. */
export async function unlessMissing<T>(action: string, path: string, work: () => Promise<T>): Promise<T | undefined> {
  return attempt(action, path, async () => {
    try {
      return await work();
    } catch (error) {
      // ENOTDIR: the path goes through a file, so there is nothing at its end.
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  });
}
