import type { Job } from '../../job/job.ts';
import type { Context } from '../command.ts';

/**
 * All files are read before the first run: a typing error in the last one is reported now, not in an hour.
 *
 * @param onFailure called for each file that cannot be read, after that was reported
 * @returns the jobs of the others
 */
export async function loadJobs(
  paths: readonly string[],
  { processContext, fail, onOutsideValue }: Pick<Context, 'processContext' | 'fail' | 'onOutsideValue'>,
  onFailure: (failure: {
    readonly path: string;
    readonly code: number;
    readonly error: unknown;
  }) => Promise<void> | void,
): Promise<readonly Job[]> {
  const { loadJob } = await import('../../job/load-job.ts');
  const jobs: Job[] = [];
  for (const path of paths) {
    try {
      jobs.push(await loadJob(path, processContext.env, processContext.cwd, onOutsideValue));
    } catch (error) {
      await onFailure({ path, code: fail(error), error });
    }
  }
  return jobs;
}
