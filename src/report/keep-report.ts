import { dirname, join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import { replaceFile, type Disk } from '../system/disk.ts';
import { makeReport } from './make-report.ts';

/**
 * Makes the report of an archive anew, as `_view/report.html`, where it takes the place of the one before when it is
 * whole. To be called by whoever holds the lock, after publishing.
 *
 * @param options `hasTranscript`: whether a transcript lies beside it
 * @throws ExportError when it cannot be made: the one before stays, and the next run makes it again
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
  const file = join(archive, archivePaths.report);
  const temporary = join(dirname(file), 'report.sort');
  try {
    await disk.remove(temporary);
    const { text } = await makeReport(
      disk,
      archive,
      { sortFolder: join(temporary, 'sort'), transcriptLink: hasTranscript ? 'transcript/START-HERE.html' : null },
      { zone, signal },
    );
    await disk.makeFolder(dirname(file));
    await replaceFile(disk, file, Buffer.from(text));
  } finally {
    await disk.remove(temporary).catch(() => undefined);
  }
}
