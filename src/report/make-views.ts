import { readChainBack } from '../archive/manifest/read-chain.ts';
import { InterruptedError, StoppedError } from '../errors.ts';
import type { Disk } from '../system/disk.ts';
import { writeViews } from '../views/write-views.ts';
import { keepPages } from './keep-pages.ts';

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
    let begun = 'pages';
    if (pages === undefined) return;
    await keepPages(disk, archive, pages, signal, (page) => void (begun = page)).catch((error: unknown) => {
      if (error instanceof InterruptedError) {
        throw new InterruptedError(error.signal, 'the archive is as asked for, and the next run makes its pages');
      }
      signal.throwIfAborted();
      if (!(error instanceof StoppedError)) throw error;
      onFailure(begun, error);
    });
    return;
  }
}
