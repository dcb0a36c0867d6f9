import type { LockDuration } from '../model/run/lock-duration.ts';
import type { PushedArchive } from '../model/run/pushed-archive.ts';
import type { StorageTarget } from '../model/run/storage-target.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { openBucket, type StorageOptions } from './open-bucket.ts';

/** What a caller asks of a push. */
export interface PushOptions extends StorageOptions {
  /** For how long nobody may remove data and manifests that this push brings; absent: they are not locked. */
  readonly objectLock?: LockDuration;
  /** Called with what has been sent so far, of so many files. */
  readonly onProgress?: (done: { readonly files: number; readonly of: number; readonly sizeBytes: number }) => void;
}

/**
 * Copies what an archive has published to an object store: files of data at their names, which are never overwritten; then
 * manifests, of which the last is the commit. What compactions and purges have replaced is removed. Killed at any moment,
 * readers find the runs of before or all of it, and the next push ends it.
 *
 * @param folder that a job names as its output
 * @param to `s3://bucket/prefix`, of this archive alone
 * @throws UsageError for another address, without keys, and when nothing is published; DifferenceError when the prefix holds
 *   another archive or newer runs, or a file is not what its manifest says; StoppedError when another push is open or a run
 *   was published meanwhile; OutputError for what is locked and was purged; UnreachableError and AccessError for a store that
 *   does not respond or refuses
 */
export async function pushArchive(
  folder: string,
  to: string | StorageTarget,
  options: PushOptions = {},
): Promise<PushedArchive> {
  const { disk, clock, objectLock, onProgress } = { ...systemSurroundings(), ...omitUndefined(options) };
  const bucket = await openBucket(to, options);
  const { uploadArchive } = await import('./push/upload-archive.ts');
  return uploadArchive(folder, bucket, { disk, clock, ...omitUndefined({ objectLock, onProgress }) });
}
