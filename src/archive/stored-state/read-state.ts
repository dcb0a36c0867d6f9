import { resolve } from 'node:path';
import { expectArchive } from '../expect-archive.ts';
import { readStoredState } from './read-stored-state.ts';
import { nodeDisk, type Disk } from '../../system/disk.ts';
import { archiveState, type ArchiveState } from './archive-state.ts';

/** What replaces the real disk. */
export interface ReadStateOptions {
  /** Default: the file system. */
  readonly disk?: Disk;
}

/**
 * Where an archive stands, as its newest manifest vouches for it. Changes nothing.
 *
 * @param folder that a job names as its output
 * @returns how far each list and the changes of each room have been read; times as ISO 8601 in UTC
 * @throws UsageError when there is no archive; OutputError for a damaged state or manifest, or one of a newer version
 */
export async function readState(folder: string, { disk = nodeDisk }: ReadStateOptions = {}): Promise<ArchiveState> {
  const archive = resolve(folder);
  await expectArchive(disk, archive, 'show the state of');
  return archiveState(await readStoredState(disk, archive));
}
