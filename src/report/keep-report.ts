import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { ExportError, StoppedError } from '../errors.ts';
import { replaceFile, type Disk } from '../system/disk.ts';
import { makeReport } from './make-report.ts';

/**
 * Makes the report of an archive anew, as `_view/report.html`, where it takes the place of the one before when it is
 * whole. To be called by whoever holds the lock, after publishing.
 *
 * @param options `hasTranscript`: whether a transcript lies beside it
 * @throws StoppedError when it cannot be made: what was published stays published, and the next run makes it again
 */
export async function keepReport(
  disk: Disk,
  archive: string,
  {
    zone,
    signal,
    hasTranscript,
  }: { readonly zone: string; readonly signal: AbortSignal; readonly hasTranscript: boolean },
): Promise<void> {
  const folder = join(archive, archivePaths.views);
  const temporary = join(folder, 'report.sort');
  try {
    await disk.remove(temporary);
    const { text } = await makeReport(
      disk,
      archive,
      { sortFolder: join(temporary, 'sort'), transcriptLink: hasTranscript ? 'transcript/START-HERE.html' : null },
      { zone, signal },
    );
    await disk.makeFolder(folder);
    await replaceFile(disk, join(folder, 'report.html'), Buffer.from(text));
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    throw new StoppedError(`The run is published, and its report could not be made: ${error.message}`, {
      cause: error,
      hint: error.hint ?? 'Run the job again: it makes the report anew',
    });
  } finally {
    await disk.remove(temporary).catch(() => undefined);
  }
}
