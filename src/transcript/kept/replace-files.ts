import { dirname, join } from 'node:path';
import { walkFiles } from '../../archive/walk-files.ts';
import type { Disk } from '../../system/disk.ts';
import { directoryFile } from '../search/engine/index-shape.ts';
import { madeFile } from './made-files.ts';

/** What says that the others belong together: to this program, to a search, to people. They go first and come last. */
const heads = [madeFile, `search/${directoryFile}`, 'START-HERE.html'];

/**
 * Moves files that were made anew into the folder of a transcript, and removes what is no part of it any more. A cut in the
 * middle leaves a folder that neither this program nor a search takes for a transcript.
 *
 * @param made paths of all that is to be there afterwards, but for `made.jsonl`
 */
export async function replaceFiles(disk: Disk, from: string, folder: string, made: ReadonlySet<string>): Promise<void> {
  await disk.makeFolder(dirname(join(from, `search/${directoryFile}`)));
  for (const head of heads) {
    // What is the same as before was not made anew.
    const isNew = (await disk.sizeBytes(join(from, head))) !== undefined;
    if (isNew) await disk.remove(join(folder, head));
    else await disk.rename(join(folder, head), join(from, head));
  }
  await disk.syncFolder(folder);
  const move = async (path: string): Promise<void> => {
    await disk.makeFolder(dirname(join(folder, path)));
    await disk.rename(join(from, path), join(folder, path));
  };
  for await (const { name } of walkFiles(disk, from)) if (!heads.includes(name)) await move(name);
  const folders = new Set<string>();
  for await (const { name } of walkFiles(disk, folder)) {
    if (made.has(name)) continue;
    await disk.remove(join(folder, name));
    folders.add(dirname(name));
  }
  for (const name of folders) await disk.removeEmptyFolder(join(folder, name));
  for (const head of heads.toReversed()) await move(head);
}
