import type { Job } from '../../job/job.ts';
import type { ScheduleEvent } from '../../schedule/schedule-event.ts';
import type { JobStatus } from '../../schedule/schedule-status.ts';
import type { Context } from '../command.ts';
import { notify } from './notify.ts';

type SkippedEvent = Extract<ScheduleEvent, { kind: 'skipped' }>;

/** Tells whom the job names that it was due and could not start. What cannot be delivered is a warning. */
export async function notifyOfOverdue(
  job: Job,
  { atMs, busyWith }: SkippedEvent,
  { isWaiting }: JobStatus,
  context: Context,
): Promise<void> {
  if (job.notify === undefined) return;
  const { overdueNotification } = await import('./notification.ts');
  await notify(job, overdueNotification(job.name, busyWith, new Date(atMs).toISOString(), isWaiting), context);
}
