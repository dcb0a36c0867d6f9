import { omitUndefined } from '../omit-undefined.ts';
import type { PushTarget } from '../model/run/push-target.ts';
import type { PushedArchive } from '../model/run/pushed-archive.ts';
import type { Disk } from '../system/disk.ts';
import { storageAccess, type Variables } from './access/storage-access.ts';
import { pushArchive, type PushOptions } from './push-archive.ts';

/** Pushes what a run has published, and whatever an earlier push did not. @throws as `pushArchive` and `storageAccess` */
export async function keepPushed(
  archive: string,
  { to, objectLock }: PushTarget,
  {
    variables,
    ...options
  }: Omit<PushOptions, 'access' | 'objectLock'> & { readonly disk: Disk; readonly variables: Variables },
): Promise<PushedArchive> {
  const access = await storageAccess(options.disk, variables);
  return pushArchive(archive, to, { ...options, access, ...omitUndefined({ objectLock }) });
}
