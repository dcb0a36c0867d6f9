import { sha256 } from '../../archive/hash-file.ts';
import { StoppedError } from '../../errors.ts';
import type { Bucket } from '../client/bucket.ts';
import { pointerBytes, pointerKey, type Pointer, type StoredPointer } from '../pointer.ts';
import type { PublishedArchive } from '../published-archive.ts';

/** A push that is open: nobody else changes the pointer without this one noticing. */
export interface Claim {
  readonly pointer: Pointer;
  readonly etag: string;
  /** The store's own time. */
  readonly nowMs: number;
  /** Whether the store keeps conditions: without them, two pushes at once may mix. */
  readonly isConditional: boolean;
}

/**
 * Says in the bucket what is about to be pushed. One pusher gets to say so; a push of the same archive that was cut is
 * continued, one of another copy is waited for, up to the time of grace.
 *
 * @throws StoppedError when another push is open, or was faster
 */
export async function claim(
  bucket: Bucket,
  { links, newest }: PublishedArchive,
  { pointer: before, etag, modifiedMs, nowMs }: StoredPointer,
  graceMs: number,
): Promise<Claim> {
  const { pushing } = before;
  const isOurs = pushing === null || links[pushing.run - 1]?.sha256 === pushing.sha256;
  if (!isOurs && (nowMs ?? 0) - modifiedMs < graceMs) {
    throw new StoppedError(
      `Cannot push to "${bucket.client.addressOf()}": another push is open there since ${new Date(modifiedMs).toISOString()}`,
      { hint: `Push again when it has ended; if it was cut for good, ${graceMs / 3_600_000} hours after it began` },
    );
  }
  const pointer: Pointer = { ...before, pushing: { run: newest.run, sha256: newest.sha256 } };
  const bytes = pointerBytes(pointer);
  const written = await bucket.replace(pointerKey, bytes, etag);
  if (written === undefined) throw faster(bucket);
  // A store that makes it once more knows no conditions. The same bytes: nothing is lost by that.
  const isConditional = (await bucket.create(pointerKey, bytes, sha256(bytes))) === 'taken';
  const found = await bucket.read(pointerKey);
  if (found?.bytes.equals(bytes) !== true) throw faster(bucket);
  return { pointer, etag: found.etag, nowMs: found.nowMs, isConditional };
}

/** @throws StoppedError when a newer push of the same archive has taken over: it does not wait for one that may be cut */
export async function expectOurs(bucket: Bucket, { etag }: Pick<Claim, 'etag'>): Promise<void> {
  if ((await bucket.read(pointerKey))?.etag !== etag) throw faster(bucket);
}

/** Ends the push: all of it is there. @throws StoppedError when another push took over meanwhile */
export async function settle(bucket: Bucket, done: Pick<Pointer, 'newest' | 'sums'>, etag: string): Promise<void> {
  const pointer: Pointer = { version: 1, ...done, pushing: null };
  if ((await bucket.replace(pointerKey, pointerBytes(pointer), etag)) === undefined) throw faster(bucket);
}

function faster(bucket: Bucket): StoppedError {
  return new StoppedError(`Cannot push to "${bucket.client.addressOf()}": another push was faster`, {
    hint: 'Nothing is mixed: push again, which compares the archive with what is there',
  });
}
