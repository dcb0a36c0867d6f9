import type { Bucket } from './client/bucket.ts';

/** What a bucket lets its user do, beyond being there. */
interface BucketCheck {
  /** Whether the store keeps conditions: without them, two who write at once may mix. */
  readonly isConditional: boolean;
}

/** No object of an archive or a spool has it. */
const probeKey = '_check';
/** No object has this one: ETags of the API are of 32 digits, and not all of them zero. */
const noEtag = '"00000000000000000000000000000000"';

/**
 * Tries what a push or a spool needs: to list, to read, and to write under a condition, by one that cannot be met. So nothing
 * is written, but by a store that ignores conditions, from where it is removed again.
 *
 * @throws UnreachableError when the store or the bucket is not there, AccessError when the keys are refused, OutputError for
 *   what the store cannot do
 */
export async function checkBucket(bucket: Pick<Bucket, 'list' | 'replace' | 'remove'>): Promise<BucketCheck> {
  for await (const first of bucket.list()) if (first.key !== '') break;
  const written = await bucket.replace(probeKey, Buffer.from('This object may be removed.\n'), noEtag);
  if (written === undefined) return { isConditional: true };
  await bucket.remove(probeKey, false);
  return { isConditional: false };
}
