import type { KeptPages } from '../model/run/kept-pages.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { Job } from './job.ts';

/** The pages that a job keeps in `_view`; undefined: none. */
export function pagesOfJob({
  transcript,
  report,
  timezone: zone = 'UTC',
}: Pick<Job, 'transcript' | 'report' | 'timezone'>): KeptPages | undefined {
  if (transcript === undefined && report === undefined) return undefined;
  return { ...omitUndefined({ transcript, report }), zone };
}
