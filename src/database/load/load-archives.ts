import { resolve } from 'node:path';
import { readUnion } from '../../archive/union/read-union.ts';
import type { DatabaseTarget } from '../../model/run/database-target.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { systemSurroundings } from '../../system/system-surroundings.ts';
import { loadArchive, type LoadArchiveOptions, type LoadedArchive } from './load-archive.ts';

/** How the loading of several archives is followed. */
interface LoadArchivesOptions extends Omit<LoadArchiveOptions, 'isJoined'> {
  /** Called with each archive, by its place in the list, when it is loaded. */
  readonly onLoaded?: (at: number, loaded: LoadedArchive) => void;
  /** Called before the first is loaded with what they lack together, in sentences. */
  readonly onNote?: (note: string) => void;
}

/**
 * Brings one database to what several archives of a workspace hold, one after the other, as `loadArchive` does each.
 *
 * @param folders two or more
 * @throws as `loadArchive` and `readUnion`; what was committed before stays
 */
export async function loadArchives(
  folders: readonly string[],
  target: DatabaseTarget,
  { onLoaded, onNote, ...options }: LoadArchivesOptions,
): Promise<void> {
  const { disk } = { ...systemSurroundings(), ...omitUndefined(options) };
  const paths = folders.map((folder) => resolve(folder));
  for (const note of (await readUnion(disk, paths)).notes) onNote?.(note);
  for (const [at, path] of paths.entries()) {
    const loaded = await loadArchive(path, target, { ...options, isJoined: true });
    onLoaded?.(at, loaded);
  }
}
