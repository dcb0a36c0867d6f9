import type { DatabaseTarget } from '../model/run/database-target.ts';
import { ExportError, StoppedError } from '../errors.ts';
import { loadArchive, type LoadArchiveOptions, type LoadedArchive } from './load/load-archive.ts';

/**
 * Loads what a run has published, and whatever an earlier load did not.
 *
 * @throws StoppedError when it cannot be loaded: what was published stays published, and the next run loads it
 */
export async function keepDatabase(
  archive: string,
  target: DatabaseTarget,
  options: LoadArchiveOptions,
): Promise<LoadedArchive> {
  try {
    return await loadArchive(archive, target, options);
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    throw new StoppedError(`The run is published, and could not be loaded into the database: ${error.message}`, {
      cause: error,
      hint: error.hint ?? 'Run the job again, or `load`: it brings what is missing',
    });
  }
}
