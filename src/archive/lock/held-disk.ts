import type { Disk } from '../../system/disk.ts';
import type { Lock } from './lock.ts';

/** A process that was stopped for longer may have lost its lock meanwhile. */
const trustedMs = 5_000;

/**
 * A disk that changes nothing once the lock is lost. What puts files in their place or takes them away is preceded by a
 * look at the lock; what only fills files of the open run, by one after each pause.
 *
 * @param nowMs milliseconds of a clock that nobody sets
 */
export function heldDisk(disk: Disk, lock: Pick<Lock, 'look'>, nowMs: () => number): Disk {
  let lookedMs = -Infinity;
  async function look(): Promise<void> {
    const beforeMs = nowMs();
    await lock.look();
    lookedMs = beforeMs;
  }
  async function lookAfterPause(): Promise<void> {
    if (nowMs() - lookedMs > trustedMs) await look();
  }
  const after = async <T>(looked: Promise<void>, change: () => Promise<T>): Promise<T> => {
    await looked;
    return change();
  };
  return {
    readFile: (path) => disk.readFile(path),
    readChunks: (path, fromByte) => disk.readChunks(path, fromByte),
    openToRead: (path) => disk.openToRead(path),
    list: (folder) => disk.list(folder),
    sizeBytes: (path) => disk.sizeBytes(path),
    freeBytes: (folder) => disk.freeBytes(folder),
    isLink: (path) => disk.isLink(path),
    open: async (path, mode) => {
      await lookAfterPause();
      const file = await disk.open(path, mode);
      return {
        write: (bytes) => after(lookAfterPause(), () => file.write(bytes)),
        sync: () => file.sync(),
        close: () => file.close(),
      };
    },
    truncate: (path, sizeBytes) => after(lookAfterPause(), () => disk.truncate(path, sizeBytes)),
    makeFolder: (path) => after(lookAfterPause(), () => disk.makeFolder(path)),
    removeEmptyFolder: (path) => after(look(), () => disk.removeEmptyFolder(path)),
    syncFolder: (path) => disk.syncFolder(path),
    rename: (from, to) => after(look(), () => disk.rename(from, to)),
    link: (from, to) => after(look(), () => disk.link(from, to)),
    remove: (path) => after(look(), () => disk.remove(path)),
    shortcomings: (folder) => disk.shortcomings(folder),
  };
}
