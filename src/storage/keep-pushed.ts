import { ExportError, InterruptedError, StoppedError } from '../errors.ts';
import { omitUndefined } from '../omit-undefined.ts';
import type { PushTarget } from '../model/run/push-target.ts';
import type { PushedArchive } from '../model/run/pushed-archive.ts';
import type { Disk } from '../system/disk.ts';
import { storageAccess, type Variables } from './access/storage-access.ts';
import { pushArchive, type PushOptions } from './push-archive.ts';

/**
 * Pushes what a run has published, and whatever an earlier push did not.
 *
 * @throws StoppedError when it cannot be pushed: what was published stays published, and the next run pushes it
 */
export async function keepPushed(
  archive: string,
  { to, objectLock }: PushTarget,
  {
    variables,
    ...options
  }: Omit<PushOptions, 'access' | 'objectLock'> & { readonly disk: Disk; readonly variables: Variables },
): Promise<PushedArchive> {
  try {
    const access = await storageAccess(options.disk, variables);
    return await pushArchive(archive, to, { ...options, access, ...omitUndefined({ objectLock }) });
  } catch (error) {
    if (!(error instanceof ExportError) || error instanceof InterruptedError) throw error;
    throw new StoppedError(`The run is published, and could not be pushed: ${error.message}`, {
      cause: error,
      hint: error.hint ?? 'Run the job again, or `push`: it sends what is missing',
    });
  }
}
