import type { KeptPages } from '../model/run/kept-pages.ts';
import type { Disk } from '../system/disk.ts';

/** A page that people read, by what it is called in `_view`. */
type KeptPage = 'transcript' | 'report';

/** Those that are kept, the one first to which the other has a link. */
export function pagesIn({ transcript, report }: KeptPages): readonly KeptPage[] {
  return [...(transcript === true ? ['transcript' as const] : []), ...(report === true ? ['report' as const] : [])];
}

/** Brings one of them up to date. To be called by whoever holds the lock, after publishing. @throws ExportError */
export async function keepPage(
  disk: Disk,
  archive: string,
  page: KeptPage,
  { transcript, zone }: KeptPages,
  signal: AbortSignal,
): Promise<void> {
  // Who asks for neither loads nothing of them.
  switch (page) {
    case 'transcript': {
      const { keepTranscript } = await import('../transcript/keep-transcript.ts');
      return keepTranscript(disk, archive, { zone, signal });
    }
    case 'report': {
      const { keepReport } = await import('../report/keep-report.ts');
      return keepReport(disk, archive, { zone, signal, hasTranscript: transcript === true });
    }
  }
}
