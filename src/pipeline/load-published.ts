import type { Environment } from '../environment.ts';
import type { Job } from '../job/job.ts';
import type { RunEvent } from '../run-event.ts';

/** Brings the database that a job names, if it does, to what its archive holds. @throws as `loadArchive` */
export async function loadPublished(
  { output: archive, load }: Pick<Job, 'output' | 'load'>,
  environment: Pick<Environment, 'clock' | 'disk' | 'process' | 'isAlive'> & { readonly signal: AbortSignal },
  onEvent: (event: RunEvent) => void,
): Promise<void> {
  if (load === undefined) return;
  // Jobs that ask for none load nothing of it.
  const { loadArchive } = await import('../database/load/load-archive.ts');
  onEvent({ kind: 'loading-database' });
  onEvent({ kind: 'loaded-database', ...(await loadArchive(archive, load, environment)) });
}
