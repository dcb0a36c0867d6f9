import { constants } from 'node:fs';
import { access, chown, copyFile, open, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OutputError, StoppedError, UsageError } from '../../errors.ts';
import { readRange, type Disk } from '../../system/disk.ts';
import { attempt } from '../../system/disk-errors.ts';

/** The file that a path leads to, which links to it go on leading to. */
export async function realFile(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

/**
 * Works in a copy of a file of SQLite, which takes its place by a rename: killed at any moment, the file is as it was, or
 * has all that was committed. Whoever has the file open goes on seeing it as it was.
 *
 * @param path absolute, of a file or of nothing yet
 * @param folder on the same file system, for nothing else; what a killed process left there is removed
 * @param work may throw: what it committed before is kept
 * @throws StoppedError when somebody else writes to the file; OutputError when it cannot be copied
 */
export async function inCopy<T>(
  disk: Disk,
  path: string,
  folder: string,
  work: (copy: string) => Promise<T>,
): Promise<T> {
  const copy = join(folder, 'database');
  const clear = async (): Promise<void> => {
    for (const name of [copy, `${copy}-journal`, `${copy}.lock`]) await disk.remove(name);
  };
  await clear();
  try {
    await expectQuiet(disk, path);
    const before = await stateOf(path);
    if (before !== undefined) await copyTo(copy, path);
    const replace = async (): Promise<void> => {
      if ((await changeCounter(disk, copy)) === (await changeCounter(disk, path))) return;
      await takePlace(disk, copy, path, before);
    };
    let result: T;
    try {
      result = await work(copy);
    } catch (error) {
      await replace().catch(() => undefined);
      throw error;
    }
    await replace();
    return result;
  } finally {
    await clear();
  }
}

/** What was committed in the copy is complete, unless a journal beside it says otherwise. */
async function takePlace(disk: Disk, copy: string, path: string, before: string | undefined): Promise<void> {
  if (await isHot(disk, `${copy}-journal`))
    throw new OutputError(`Cannot write "${copy}": its last write was not ended`, {
      hint: 'Run the same command again',
    });
  await expectQuiet(disk, path);
  if ((await stateOf(path)) !== before) throw inUse(path, 'somebody else has written to it meanwhile');
  await attempt('flush', copy, async () => {
    const handle = await open(copy, 'r+');
    await handle.sync().finally(() => handle.close());
  });
  await disk.rename(copy, path);
  await disk.syncFolder(dirname(path));
}

async function copyTo(copy: string, path: string): Promise<void> {
  await attempt('write to', path, () => access(path, constants.W_OK));
  const { uid, gid } = await stat(path);
  // Shares the blocks where the file system can; takes over the mode.
  await attempt('copy', path, () => copyFile(path, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE));
  await chown(copy, uid, gid).catch(() => undefined);
}

/** Which file it is, and whether it was written to since; undefined: there is none. */
async function stateOf(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  if (found === undefined) return undefined;
  if (found.isFile()) return [found.dev, found.ino, found.size, found.mtimeNs].join(' ');
  throw new UsageError(`Cannot load to "${path}": it is not a regular file`, {
    hint: 'Name a file of SQLite, or a new one',
  });
}

/** @throws StoppedError when others are writing to it, or were killed in it: a copy would not be whole */
async function expectQuiet(disk: Disk, path: string): Promise<void> {
  if ((await disk.list(`${path}.lock`)) !== undefined)
    throw inUse(path, `somebody else has locked it by "${path}.lock"`);
  for (const name of [`${path}-journal`, `${path}-wal`]) {
    if (await isHot(disk, name)) throw inUse(path, `"${name}" shows that somebody is writing to it, or was killed`);
  }
}

function inUse(path: string, why: string): StoppedError {
  return new StoppedError(`Cannot load to "${path}": ${why}`, {
    hint: 'Run the same command again when they are done. If they were killed, open it first by the command line of SQLite, which brings it into order: sqlite3 FILE "PRAGMA integrity_check"; a folder FILE.lock can be removed then',
  });
}

/** A journal whose header is zeroed is done with. Source: sqlite.org/fileformat2.html, "The Rollback Journal". */
async function isHot(disk: Disk, journal: string): Promise<boolean> {
  if (((await disk.sizeBytes(journal)) ?? 0) === 0) return false;
  return (await readRange(disk, journal, 0, 1))[0] !== 0;
}

/** Each transaction that writes increments it. Source: sqlite.org/fileformat2.html, "File change counter". */
async function changeCounter(disk: Disk, path: string): Promise<string> {
  if (((await disk.sizeBytes(path)) ?? 0) < 28) return '';
  return (await readRange(disk, path, 24, 28)).join(' ');
}
