import type { Job } from '../../job/job.ts';
import type { Context } from '../command.ts';
import { failureOf } from '../log/report-error.ts';
import type { FollowedRun } from '../run-and-follow.ts';

/**
 * Prints to stdout what a run came to, as one line of JSON. See RunResult. What failed behind publishing may quote what came
 * from outside: secrets are hidden in it.
 */
export async function printPublished(job: Job, done: FollowedRun, { processContext, print }: Context): Promise<void> {
  const { publishedResult, resultLine } = await import('./run-result.ts');
  const line = resultLine(publishedResult(job, done));
  if (done.error === undefined) processContext.stdout.write(line);
  else print(line);
}

/**
 * The same of a run that was not published. Its message may quote what came from outside: secrets are hidden in it.
 *
 * @param job `output` null: its file, `name` is the path, cannot be read
 */
export async function printFailed(
  job: { readonly name: string; readonly output: string | null },
  error: unknown,
  { processContext, print }: Context,
  startedMs: number,
): Promise<void> {
  const { failedResult, resultLine } = await import('./run-result.ts');
  print(resultLine(failedResult(job, failureOf(error), processContext.clock.now() - startedMs)));
}
