import type { Job } from '../job/job.ts';
import type { applyRetention } from '../purge/apply-retention.ts';
import type { RunEvent } from '../run-event.ts';

/** Removes what a job's retention lets grow no older, and reports it. @throws as `applyRetention` */
export async function purgeTooOld(
  job: Job,
  options: Parameters<typeof applyRetention>[1],
  onEvent: (event: RunEvent) => void,
): Promise<void> {
  if (job.retention === undefined) return;
  // Few jobs have one: what purges is loaded then.
  const retention = await import('../purge/apply-retention.ts');
  const applied = await retention.applyRetention(job, options);
  if (applied?.done.kind !== 'purged') return;
  const { before, done } = applied;
  const { run, messages } = done.manifest;
  onEvent({ kind: 'purged', run, messages, before, held: done.held });
}
