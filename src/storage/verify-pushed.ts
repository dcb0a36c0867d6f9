import type { GivenEvidence } from '../archive/verify/outside-evidence.ts';
import type { VerifyReport } from '../archive/verify/verify-report.ts';
import type { StorageTarget } from '../model/run/storage-target.ts';
import { openBucket, type StorageOptions } from './open-bucket.ts';

/** What a pushed archive is compared with besides itself, and how to reach it. */
export interface VerifyPushedOptions extends GivenEvidence, StorageOptions {}

/**
 * Compares an archive in an object store with its manifests, as `verifyArchive` does on a disk: every byte is read. What a
 * push that is open or was cut has put there is a note, and so is what a later one is to remove.
 *
 * @param at `s3://bucket/prefix`, as it was given to a push
 * @throws UsageError for another address, without keys, when there is no archive, and for evidence that is none; OutputError
 *   for a manifest that cannot be read; UnreachableError and AccessError for a store that does not respond or refuses
 */
export async function verifyPushed(
  at: string | StorageTarget,
  options: VerifyPushedOptions = {},
): Promise<VerifyReport> {
  const bucket = await openBucket(at, options);
  const { verifyBucket } = await import('./read/verify-bucket.ts');
  return verifyBucket(bucket, options);
}
