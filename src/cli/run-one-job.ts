import type { Job } from '../job/job.ts';
import { runAndFollow, tellPublished } from './run-and-follow.ts';
import type { Context } from './command.ts';

export interface RunFlags {
  readonly json: boolean;
  /** See Environment. */
  readonly everyRoom?: boolean;
}

/**
 * Runs a job, shows how it proceeds, and reports the result: a JSON line with the manifest, or tables for people.
 *
 * @returns the exit code of a run that ended: complete, or with gaps
 * @throws ExportError of one that did not
 */
export async function runOneJob(job: Job, { json, everyRoom = false }: RunFlags, context: Context): Promise<number> {
  const { processContext, log, quiet } = context;
  const done = await runAndFollow(job, context, everyRoom);
  const { manifest, tookMs, planned, exitCode } = done;
  if (json) {
    const { manifestLine } = await import('./report/manifest-line.ts');
    processContext.stdout.write(manifestLine(manifest));
  } else if (!quiet) {
    const { runReport } = await import('./report/run-report.ts');
    context.print(
      runReport(manifest, { archive: job.output, cwd: processContext.cwd, tookMs, ...(planned && { planned }) }),
    );
  }
  tellPublished(done, job, log, 'detail');
  return exitCode;
}
