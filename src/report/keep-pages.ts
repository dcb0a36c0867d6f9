import type { KeptPages } from '../model/run/kept-pages.ts';
import type { Disk } from '../system/disk.ts';

/**
 * Brings pages that people read up to date. To be called by whoever holds the lock, after publishing.
 *
 * @param onPage called before each is begun
 * @throws StoppedError: all is published, and they are older than the archive or missing
 */
export async function keepPages(
  disk: Disk,
  archive: string,
  { transcript, report, zone }: KeptPages,
  signal: AbortSignal,
  onPage: (page: 'transcript' | 'report') => void = () => undefined,
): Promise<void> {
  // Who asks for neither loads nothing of them.
  if (transcript === true) {
    const { keepTranscript } = await import('../transcript/keep-transcript.ts');
    onPage('transcript');
    await keepTranscript(disk, archive, { zone, signal });
  }
  if (report === true) {
    const { keepReport } = await import('./keep-report.ts');
    onPage('report');
    await keepReport(disk, archive, { zone, signal, hasTranscript: transcript === true });
  }
}
