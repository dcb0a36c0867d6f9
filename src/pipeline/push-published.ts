import type { Environment } from '../environment.ts';
import type { Job } from '../job/job.ts';
import { storageAddress } from '../model/run/storage-target.ts';
import type { RunEvent } from '../run-event.ts';

/** Copies what is published to the object store that a job names, if it does. @throws as `keepPushed` */
export async function pushPublished(
  { output: archive, push }: Pick<Job, 'output' | 'push'>,
  environment: Pick<Environment, 'clock' | 'random' | 'disk' | 'proxyFor' | 'variables'> & {
    readonly signal: AbortSignal;
  },
  onEvent: (event: RunEvent) => void,
): Promise<void> {
  if (push === undefined) return;
  // Jobs that ask for none load nothing of it.
  const { keepPushed } = await import('../storage/keep-pushed.ts');
  onEvent({ kind: 'pushing', to: storageAddress(push.to) });
  onEvent({ kind: 'pushed', to: storageAddress(push.to), ...(await keepPushed(archive, push, environment)) });
}

/** @throws UsageError when the environment has no keys: before the run, not behind it */
export async function expectPushable(
  { push }: Pick<Job, 'push'>,
  { disk, variables }: Pick<Environment, 'disk' | 'variables'>,
): Promise<void> {
  if (push === undefined) return;
  const { storageAccess } = await import('../storage/access/storage-access.ts');
  await storageAccess(disk, variables);
}
