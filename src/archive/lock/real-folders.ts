import { dirname, join, relative, sep } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';

/**
 * A disk that changes nothing behind a symbolic link within an archive: whoever may write to the archive's folder could
 * else have files written or removed wherever this program may. The archive itself may lie behind one.
 *
 * @param archive absolute path
 */
export function inRealFolders(disk: Disk, archive: string): Disk {
  async function expectReal(folder: string): Promise<void> {
    const below = relative(archive, folder);
    if (below === '' || below.startsWith('..')) return;
    let path = archive;
    for (const name of below.split(sep)) {
      path = join(path, name);
      if (!(await disk.isLink(path))) continue;
      throw new OutputError(
        `Cannot write below "${path}": it is a symbolic link, which is not followed in an archive`,
        {
          hint: 'Put a folder in its place; to keep the archive on another disk, link to the whole of it',
        },
      );
    }
  }
  const within = async <T>(folder: string, change: () => Promise<T>): Promise<T> => {
    await expectReal(folder);
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
    open: (path, mode) => within(dirname(path), () => disk.open(path, mode)),
    truncate: (path, sizeBytes) => within(dirname(path), () => disk.truncate(path, sizeBytes)),
    rename: (from, to) => within(dirname(from), () => within(dirname(to), () => disk.rename(from, to))),
    link: (from, to) => within(dirname(to), () => disk.link(from, to)),
    remove: (path) => within(dirname(path), () => disk.remove(path)),
    makeFolder: (path) => within(path, () => disk.makeFolder(path)),
    removeEmptyFolder: (path) => within(dirname(path), () => disk.removeEmptyFolder(path)),
    syncFolder: (path) => disk.syncFolder(path),
    shortcomings: (folder) => disk.shortcomings(folder),
  };
}
