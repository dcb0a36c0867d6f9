import { join } from 'node:path';
import { OutputError } from '../errors.ts';
import type { Disk } from '../system/disk.ts';
import { archivePaths } from './paths.ts';
import { isArchive, surroundingArchive } from './surrounding-archive.ts';

/** Names that are shown of a folder that holds others. */
const mostNames = 3;

/**
 * Who reads `messages/**` of an archive takes every file there for its rows: an archive lies in no other, and is begun where
 * nothing else is. One that is there, or whose first run was cut, is continued.
 *
 * @param archive absolute path of a folder, which need not be there
 * @throws OutputError
 */
export async function expectOwnFolder(disk: Disk, archive: string): Promise<void> {
  const outer = await surroundingArchive(disk, archive);
  if (outer !== undefined) {
    throw new OutputError(
      `Cannot write an archive to "${archive}": it lies in the archive "${outer}", which holds the files of its runs only`,
      { hint: 'Name a folder elsewhere as the output' },
    );
  }
  for (const name of [archivePaths.manifests, archivePaths.state, archivePaths.runPlan]) {
    if ((await disk.sizeBytes(join(archive, name))) !== undefined) return;
  }
  const names = await disk.list(archive);
  if (names === undefined && (await disk.sizeBytes(archive)) !== undefined) {
    throw new OutputError(`Cannot begin an archive in "${archive}": it is a file`, {
      hint: 'Name a folder as the output that is empty or not there yet',
    });
  }
  const foreign = (names ?? []).filter((name) => !isTolerated(name));
  const [first] = foreign;
  if (first === undefined) return;
  const shown = foreign.slice(0, mostNames).map((name) => `"${name}"`);
  const more = foreign.length > mostNames ? `… (${foreign.length} names)` : '';
  const what = (await isArchive(disk, join(archive, first))) ? `the archive "${first}"` : `${shown.join(', ')}${more}`;
  throw new OutputError(`Cannot begin an archive in "${archive}": it holds ${what}, and no archive shares its folder`, {
    hint: 'Name a folder as the output that is empty or not there yet',
  });
}

/** What a run that was cut at once leaves, and what systems put into every folder or disk. */
function isTolerated(name: string): boolean {
  const isOwn = name === archivePaths.work || name.startsWith('_lock.');
  return isOwn || name.startsWith('.') || name === 'lost+found';
}
