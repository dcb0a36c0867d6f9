import type { Job } from '../job/job.ts';
import { pagesOfJob } from '../job/pages-of-job.ts';
import type { RunEvent } from '../run-event.ts';
import type { Disk } from '../system/disk.ts';
import { keepPage, pagesIn } from '../views/keep-pages.ts';
import type { LaterStep } from './each-in-turn.ts';

/** Brings the transcript and the report up to date, as far as a job asks for them: a step each. */
export function pageSteps(
  disk: Disk,
  job: Job,
  signal: AbortSignal,
  onEvent: (event: RunEvent) => void,
): readonly LaterStep[] {
  const pages = pagesOfJob(job);
  if (pages === undefined) return [];
  return pagesIn(pages).map((page) => ({
    failure: `its ${page} could not be made`,
    work: () => {
      onEvent({ kind: `writing-${page}` });
      return keepPage(disk, job.output, page, pages, signal);
    },
  }));
}
