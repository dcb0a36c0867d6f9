import type { Job } from '../../job/job.ts';
import { failureOf } from '../log/report-error.ts';
import type { FollowedRun } from '../run-and-follow.ts';
import type { Context } from '../command.ts';
import { notify } from './notify.ts';

/** How a run ended. */
type Outcome =
  | { readonly kind: 'published'; readonly done: FollowedRun }
  | { readonly kind: 'failed'; readonly error: unknown; readonly startedMs: number };

/** Tells whom the job names how a run of it ended, where that is no good news. What cannot be delivered is a warning. */
export async function notifyOfRun(job: Job, outcome: Outcome, context: Context): Promise<void> {
  if (job.notify === undefined) return;
  const [{ failedResult, publishedResult }, { notificationOf }] = await Promise.all([
    import('../result/run-result.ts'),
    import('./notification.ts'),
  ]);
  const nowMs = context.processContext.clock.now();
  const result =
    outcome.kind === 'published'
      ? publishedResult(job, outcome.done)
      : failedResult(job, failureOf(outcome.error), nowMs - outcome.startedMs);
  const notification = notificationOf(result, new Date(nowMs).toISOString());
  if (notification !== null) await notify(job, notification, context);
}
