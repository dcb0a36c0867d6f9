import type { Job } from '../job/job.ts';
import { runAndFollow, tellPublished, type FollowedRun } from './run-and-follow.ts';
import { printFailed, printPublished } from './result/print-result.ts';
import type { Context } from './command.ts';

interface RunFlags {
  readonly json: boolean;
  /** See Environment. */
  readonly everyRoom?: boolean;
}

/**
 * Runs a job, shows how it proceeds, and reports the result: a line of JSON, of a run that failed, too, or tables for
 * people.
 *
 * @returns the exit code of a run that ended: complete, or with gaps
 * @throws ExportError of one that did not
 */
export async function runOneJob(job: Job, { json, everyRoom = false }: RunFlags, context: Context): Promise<number> {
  const { processContext, log, quiet } = context;
  const startedMs = processContext.clock.now();
  let done: FollowedRun;
  try {
    done = await runAndFollow(job, context, everyRoom);
  } catch (error) {
    if (json) await printFailed(job, error, context, startedMs);
    throw error;
  }
  const { manifest, tookMs, planned, exitCode } = done;
  if (json) await printPublished(job, done, context);
  else if (!quiet) {
    const { runReport } = await import('./report/run-report.ts');
    context.print(
      runReport(manifest, { archive: job.output, cwd: processContext.cwd, tookMs, ...(planned && { planned }) }),
    );
  }
  tellPublished(done, job, log, 'detail');
  return exitCode;
}
