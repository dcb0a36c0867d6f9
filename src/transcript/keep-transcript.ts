import { join } from 'node:path';
import { archivePaths } from '../archive/paths.ts';
import type { Disk } from '../system/disk.ts';
import { dataVersions } from '../system/this-process.ts';
import { tool } from '../version.ts';
import { FileKeeper } from './kept/file-keeper.ts';
import { madeBefore } from './kept/made-before.ts';
import { madeFile } from './kept/made-files.ts';
import { replaceFiles } from './kept/replace-files.ts';
import { TranscriptFolder } from './kept/transcript-folder.ts';
import { writePages } from './write-pages.ts';

/**
 * Brings the transcript of an archive up to date, in `_view/transcript`: pages of which nothing has changed stay as they are.
 * One of another version of the program, or of other options, is made anew and takes the place of the one before when it is
 * whole. To be called by whoever holds the lock, after publishing.
 *
 * @param madeBy the version of the program, and of what Node knows of time zones and letters
 * @throws ExportError when it cannot be made: the one before stays, or there is none, and the next run makes it again
 */
export async function keepTranscript(
  disk: Disk,
  archive: string,
  {
    zone,
    signal,
    madeBy = `${tool.version} ${dataVersions()}`,
  }: { readonly zone: string; readonly signal: AbortSignal; readonly madeBy?: string },
): Promise<void> {
  const folder = join(archive, archivePaths.transcript);
  const temporary = join(archive, archivePaths.transcriptInMaking);
  const pages = join(temporary, 'pages');
  try {
    await disk.remove(temporary);
    const before = await madeBefore(disk, folder, signal);
    const kept: { keeper?: FileKeeper; isPart?: boolean } = {};
    const keeperFor = (serverUrl: string): FileKeeper => {
      const maker = JSON.stringify([madeBy, zone, serverUrl]);
      kept.isPart = before?.maker === maker;
      return (kept.keeper = new FileKeeper(maker, before));
    };
    const folders = { pages, sort: join(temporary, 'sort'), archiveLink: () => '../..', keeper: keeperFor };
    await writePages(disk, [archive], folders, { zone, signal });
    const { keeper, isPart } = kept;
    if (keeper === undefined) throw new Error('the pages were written without what keeps them');
    await new TranscriptFolder(disk, pages).write(madeFile, keeper.text());
    if (isPart === true) {
      await replaceFiles(disk, pages, folder, keeper.made);
    } else {
      await disk.remove(folder);
      await disk.rename(pages, folder);
    }
  } finally {
    await disk.remove(temporary).catch(() => undefined);
  }
}
