import type { Job } from '../job/job.ts';
import { pagesOfJob } from '../job/pages-of-job.ts';
import { keepPages } from '../report/keep-pages.ts';
import type { RunEvent } from '../run-event.ts';
import type { Disk } from '../system/disk.ts';

/** Brings the transcript and the report up to date, as far as a job asks for them. @throws StoppedError: all is published */
export async function keepJobPages(
  disk: Disk,
  job: Job,
  signal: AbortSignal,
  onEvent: (event: RunEvent) => void,
): Promise<void> {
  const pages = pagesOfJob(job);
  if (pages === undefined) return;
  await keepPages(disk, job.output, pages, signal, (page) => onEvent({ kind: `writing-${page}` }));
}
