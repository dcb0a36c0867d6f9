import type { Bucket } from '../client/bucket.ts';
import { expectOurs, type Claim } from './claim.ts';

/**
 * Puts a list that each push replaces. That this push is still the one comes between reading what is there and replacing just
 * that: a push that took over reads it later, and so either finds this list and replaces it, or has replaced it first.
 *
 * @throws StoppedError when another push took over
 */
export async function replaceList(bucket: Bucket, key: string, bytes: Buffer, claim: Claim): Promise<void> {
  for (;;) {
    const before = await bucket.read(key);
    await expectOurs(bucket, claim);
    if (before?.bytes.equals(bytes) === true) return;
    // Else a push that this one has taken over from was in between.
    if ((await bucket.replace(key, bytes, before?.etag ?? null)) !== undefined) return;
  }
}
