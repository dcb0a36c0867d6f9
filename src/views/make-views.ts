import { readChainBack } from '../archive/manifest/read-chain.ts';
import { ExportError, InterruptedError } from '../errors.ts';
import type { Disk } from '../system/disk.ts';
import { keepPage, pagesIn } from './keep-pages.ts';
import { writeViews } from './write-views.ts';

/**
 * Makes all of `_view` again when something else than a run has changed what it shows: the statements for databases, and the
 * pages that the job of the newest run keeps. To be called by whoever holds the lock, after publishing.
 *
 * @param onFailure called with the folder or page that is missing, or older than the archive: the next run makes it
 * @throws InterruptedError when the signal is aborted: what was published stays published
 */
export async function makeViews(
  disk: Disk,
  archive: string,
  signal: AbortSignal,
  onFailure: (view: string, error: unknown) => void,
): Promise<void> {
  await writeViews(disk, archive, onFailure);
  for await (const { manifest } of readChainBack(disk, archive)) {
    if (manifest.kind !== 'export') continue;
    const pages = manifest.request?.pages;
    if (pages === undefined) return;
    for (const page of pagesIn(pages)) {
      await keepPage(disk, archive, page, pages, signal).catch((error: unknown) => {
        if (error instanceof InterruptedError) {
          throw new InterruptedError(error.signal, 'the archive is as asked for, and the next run makes its pages');
        }
        signal.throwIfAborted();
        if (!(error instanceof ExportError)) throw error;
        onFailure(page, error);
      });
    }
    return;
  }
}
