import {
  closeSync,
  constants,
  fsync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { link, open, rm, statfs } from 'node:fs/promises';
import { dirname, sep } from 'node:path';
import { errorCode, OutputError } from '../errors.ts';
import { attempt, unlessMissing } from './disk-errors.ts';
import { createAnew, createFrom, openToAppend } from './disk-open.ts';
import { type DiskReader, openReader, readPieces, readWhole } from './disk-reader.ts';
import { makeFolders } from './disk/make-folders.ts';
import { diskTurns } from './disk/loop-turns.ts';
import { OpenFile } from './disk/open-file.ts';

/** An open file. Offsets are kept by the file: writes append to what was written. */
export interface DiskFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when what was written is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Every change this program makes to the file system goes through one of these, passed as an argument, so that a test
 * can fail or kill a run at each single step. Paths are absolute.
 *
 * All methods throw OutputError with a hint for what a user can mend (no space, read-only, no permission); `readFile`,
 * `list` and `sizeBytes` return undefined for what does not exist.
 */
export interface Disk {
  /**
   * `truncate` makes the file anew, whatever had its name; `append` makes or continues it. The name is never followed when
   * it is a symbolic link, and the file is its owner's alone.
   */
  open(path: string, mode: 'truncate' | 'append'): Promise<DiskFile>;
  readFile(path: string): Promise<Buffer | undefined>;
  /** A file too large for the memory, piece by piece, from a byte offset on (default 0). Fails for what does not exist. */
  readChunks(path: string, fromByte?: number): AsyncIterable<Uint8Array>;
  /** Opens a file to read it piece by piece. Fails for what does not exist. */
  openToRead(path: string): Promise<DiskReader>;
  /** Names in a folder, sorted by code unit; undefined for a file, too. */
  list(folder: string): Promise<readonly string[] | undefined>;
  sizeBytes(path: string): Promise<number | undefined>;
  /** What the file system of a folder has left for this user; undefined: it does not say. */
  freeBytes(folder: string): Promise<number | undefined>;
  /** Whether the last part of a path is a symbolic link. */
  isLink(path: string): Promise<boolean>;
  /** Cuts a file to its first `sizeBytes` bytes. */
  truncate(path: string, sizeBytes: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /**
   * Makes `to` a second name of `from`; returns false when `to` is there already. The only atomic create-with-content:
   * where the file system has no hard links, `to` is made empty, and filled then.
   */
  link(from: string, to: string): Promise<boolean>;
  /** Removes a file, or a folder with all it holds; missing is fine. */
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Removes a folder that holds nothing; leaves any other, and what cannot be removed. */
  removeEmptyFolder(path: string): Promise<void>;
  /** Makes renames and removals in a folder survive a power cut, where the file system can. */
  syncFolder(path: string): Promise<void>;
  /** What the file system of a folder turned out to be unable to do, a sentence each. */
  shortcomings(folder: string): readonly string[];
}

/** What a generator throws is caught at each piece: an error of the file system in words. */
async function* readChunks(path: string, fromByte = 0): AsyncGenerator<Uint8Array> {
  const pieces = readPieces(path, fromByte);
  try {
    for (;;) {
      const piece = await attempt('read', path, () => pieces.next());
      if (piece.done === true) return;
      yield piece.value;
    }
  } finally {
    await pieces.return(undefined);
  }
}

/** By the system's thread: a disk takes its time. Called by name each time, so that a test can have it fail. */
function flush(file: number): Promise<void> {
  return new Promise((resolve, reject) => fsync(file, (error) => (error === null ? resolve() : reject(error))));
}

const unflushedMeans = 'after a power cut, files published shortly before may be missing; verify names them';

/** Folders that could not be flushed, and why. */
const unflushed = new Map<string, string>();

/** Removes a file at once; a folder has many. */
async function remove(path: string): Promise<void> {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') await rm(path, { recursive: true, force: true });
  }
}

/**
 * The file system of this machine. What takes no time is asked for at once: to open, close, list, rename or remove costs
 * a tenth of what another thread costs to be woken for it, and a run does it thousands of times; others have their turn in
 * between. Flushing and reading are waited for.
 */
export const nodeDisk: Disk = {
  open: (path, mode) =>
    attempt('write', path, async () => {
      await diskTurns.give();
      const file = new OpenFile(await (mode === 'truncate' ? createAnew(path) : openToAppend(path)));
      return {
        write: (bytes) =>
          attempt('write', path, () => {
            for (let offset = 0; offset < bytes.length;) offset += writeSync(file.descriptor, bytes, offset);
            return Promise.resolve();
          }),
        sync: () => attempt('flush', path, () => file.later(flush)),
        close: () => attempt('close', path, () => file.close()),
      };
    }),
  readFile: (path) => unlessMissing('read', path, () => readWhole(path)),
  readChunks,
  openToRead: openReader,
  list: (folder) =>
    unlessMissing('list', folder, async () => {
      await diskTurns.give();
      return readdirSync(folder).sort();
    }),
  sizeBytes: (path) => unlessMissing('look at', path, () => statSync(path, { throwIfNoEntry: false })?.size),
  // A file system that does not know is no reason to stop.
  freeBytes: (folder) =>
    statfs(folder).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => undefined,
    ),
  isLink: async (path) =>
    (await unlessMissing('look at', path, () => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())) === true,
  truncate: (path, sizeBytes) =>
    attempt('cut', path, async () => {
      const handle = await open(path, constants.O_RDWR | constants.O_NOFOLLOW);
      try {
        await handle.truncate(sizeBytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }),
  rename: (from, to) => attempt('rename to', to, () => renameSync(from, to)),
  link: (from, to) =>
    attempt('make', to, async () => {
      try {
        await link(from, to);
        return true;
      } catch (error) {
        const code = errorCode(error) ?? '';
        if (code === 'EEXIST') return false;
        if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(code)) throw error;
        return createFrom(from, to);
      }
    }),
  remove: (path) => attempt('remove', path, () => remove(path)),
  makeFolder: (path) => attempt('make folder', path, () => makeFolders(path)),
  // Tidying up: whoever asks for it has something worse to report.
  removeEmptyFolder: (path) => attempt('remove', path, () => rmdirSync(path)).catch(() => undefined),
  syncFolder: (path) =>
    attempt('flush folder', path, async () => {
      const folder = openSync(path, 'r');
      try {
        await flush(folder);
      } catch (error) {
        const code = errorCode(error) ?? '';
        if (!['EINVAL', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(code)) throw error;
        unflushed.set(path, code);
      } finally {
        closeSync(folder);
      }
    }),
  shortcomings: (folder) => {
    const [code] = [...unflushed].flatMap(([path, reason]) =>
      path === folder || path.startsWith(folder + sep) ? [reason] : [],
    );
    return code === undefined ? [] : [`Its file system cannot flush folders (${code}): ${unflushedMeans}`];
  },
};

/** Writes a file so that a reader sees the old content or the new one, never a part: temporary name, fsync, rename. */
export async function replaceFile(
  disk: Disk,
  path: string,
  content: Uint8Array | string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await disk.open(temporary, 'truncate');
  try {
    if (typeof content === 'string') await file.write(Buffer.from(content));
    else if (content instanceof Uint8Array) await file.write(content);
    else for await (const piece of content) await file.write(piece);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(temporary, path);
  await disk.syncFolder(dirname(path));
}

/**
 * The bytes of a file from `start` up to `end` (not included), in one piece: for formats that are read from their end.
 *
 * @throws OutputError when the file is shorter
 */
export async function readRange(
  disk: Disk,
  path: string,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  for await (const chunk of disk.readChunks(path, start)) {
    const wanted = chunk.subarray(0, bytes.length - filled);
    bytes.set(wanted, filled);
    filled += wanted.length;
    if (filled === bytes.length) return bytes;
  }
  if (filled === bytes.length) return bytes;
  throw new OutputError(`Cannot read "${path}": it ends at byte ${start + filled}, expected ${end} bytes at least`);
}
