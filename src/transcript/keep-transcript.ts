import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { ExportError, StoppedError } from '../errors.ts';
import type { Disk } from '../system/disk.ts';
import { writePages } from './write-pages.ts';

/**
 * Makes the transcript of an archive anew, in `_view/transcript`, where it takes the place of the one before when it is
 * whole. To be called by whoever holds the lock, after publishing.
 *
 * @throws StoppedError when it cannot be made: what was published stays published, and the next run makes it again
 */
export async function keepTranscript(
  disk: Disk,
  archive: string,
  { zone, signal }: { readonly zone: string; readonly signal: AbortSignal },
): Promise<void> {
  const folder = join(archive, archivePaths.views, 'transcript');
  const temporary = `${folder}.tmp`;
  try {
    await disk.remove(temporary);
    await writePages(
      disk,
      archive,
      { pages: join(temporary, 'pages'), sort: join(temporary, 'sort'), archiveLink: '../..' },
      { zone, signal },
    );
    await disk.remove(folder);
    await disk.rename(join(temporary, 'pages'), folder);
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    throw new StoppedError(`The run is published, and its transcript could not be made: ${error.message}`, {
      cause: error,
      hint: error.hint ?? 'Run the job again: it makes the transcript anew',
    });
  } finally {
    await disk.remove(temporary).catch(() => undefined);
  }
}
