import { InterruptedError } from '../errors.ts';
import type { Job } from '../job/job.ts';
import { calledAs } from './called-as.ts';
import { runAndFollow, tellPublished, warnOfGaps, type FollowedRun } from './run-and-follow.ts';
import { printFailed, printPublished } from './result/print-result.ts';
import { notifyOfRun } from './notify/notify-of-run.ts';
import type { Workers } from '../environment.ts';
import type { Context } from './command.ts';

interface RunFlags {
  readonly json: boolean;
  /** See Environment. */
  readonly everyRoom?: boolean;
  /** See RunOptions. */
  readonly workers?: Workers | undefined;
  /** See runReport. */
  readonly isIntroduction?: boolean;
}

/**
 * Runs a job, shows how it proceeds, and reports the result: a line of JSON, of a run that failed, too, or tables for
 * people.
 *
 * @returns the exit code of a run that was published: complete, with gaps, or of what failed behind publishing
 * @throws ExportError of one that was not, and of one that a signal ended
 */
export async function runOneJob(
  job: Job,
  { json, everyRoom = false, workers, isIntroduction = false }: RunFlags,
  context: Context,
): Promise<number> {
  const { processContext, log, quiet } = context;
  const startedMs = processContext.clock.now();
  let done: FollowedRun;
  try {
    done = await runAndFollow(job, context, { everyRoom, workers });
  } catch (error) {
    if (json) await printFailed(job, error, context, startedMs);
    await notifyOfRun(job, { kind: 'failed', error, startedMs }, context);
    throw error;
  }
  const { manifest, tookMs, planned, exitCode, error } = done;
  const isReported = !json && !quiet;
  // On a terminal the report says it once.
  if (!isReported || !log.isLive) warnOfGaps(done, job, log);
  if (json) await printPublished(job, done, context);
  if (isReported) {
    const { runReport } = await import('./report/run/run-report.ts');
    const report = { archive: job.output, cwd: processContext.cwd, tookMs, isIntroduction };
    const shown = { program: calledAs(processContext.env), columns: processContext.stdout.columns };
    context.print(runReport(manifest, { ...report, ...shown, ...(planned && { planned }) }));
  }
  tellPublished(done, job, log, 'detail');
  await notifyOfRun(job, { kind: 'published', done }, context);
  if (error instanceof InterruptedError) throw error;
  return error === undefined ? exitCode : context.fail(error);
}
