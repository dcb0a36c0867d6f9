import type { WriterEnvironment } from '../archive/lock/under-lock.ts';
import type { StorageTarget } from '../model/run/storage-target.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { openBucket, type StorageOptions } from './open-bucket.ts';
import type { PulledArchive } from './read/download-archive.ts';

/** What a caller asks of a pull. */
export interface PullOptions extends StorageOptions, Partial<Pick<WriterEnvironment, 'process' | 'isAlive'>> {
  /** Called with what has come so far, of so many files. */
  readonly onProgress?: (done: { readonly files: number; readonly of: number }) => void;
}

/**
 * Makes a folder that is an archive like any other out of one in an object store: all that its manifests name, compared with
 * their hashes on the way. It is made beside the folder, as `<folder>.pulling`, and gets its name when it is whole; a pull that
 * was cut is continued there.
 *
 * @param from `s3://bucket/prefix`, as it was given to a push
 * @param folder that is not there yet, or empty
 * @throws UsageError for another address, without keys, and when there is no archive; OutputError when the folder holds
 *   something, or `<folder>.pulling` what no pull has left there; DifferenceError for an object that is not what its manifest
 *   says; StoppedError when a push removed what was to be fetched; UnreachableError and AccessError for a store that does not
 *   respond or refuses
 */
export async function pullArchive(
  from: string | StorageTarget,
  folder: string,
  options: PullOptions = {},
): Promise<PulledArchive> {
  const surroundings = { ...systemSurroundings(), ...omitUndefined(options) };
  const bucket = await openBucket(from, options);
  const { downloadArchive } = await import('./read/download-archive.ts');
  return downloadArchive(bucket, folder, surroundings);
}
