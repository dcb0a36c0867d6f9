import type { RunOptions } from '../environment.ts';
import type { Job } from '../job/job.ts';
import { loadPublished } from './load-published.ts';
import { pushPublished } from './push-published.ts';

/**
 * Copies what is published to where a job wants it: an object store, a database. One that fails does not keep the other back.
 *
 * @throws the first failure
 */
export async function passOn(
  job: Job,
  environment: Parameters<typeof pushPublished>[1] & Parameters<typeof loadPublished>[1],
  onEvent: NonNullable<RunOptions['onEvent']>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const passOnTo of [pushPublished, loadPublished]) {
    await passOnTo(job, environment, onEvent).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
