import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { sha256 } from '../../archive/hash-file.ts';
import type { HashedFile } from '../../archive/manifest/manifest.ts';
import { DifferenceError, StoppedError } from '../../errors.ts';
import { readRange, type Disk } from '../../system/disk.ts';
import type { Bucket } from '../client/bucket.ts';
import type { ObjectLock } from '../client/object-lock.ts';

/** What uploads have in common. */
export interface Uploading {
  readonly bucket: Bucket;
  readonly disk: Disk;
  readonly archive: string;
  /** A larger file is sent in parts of at least this size. */
  readonly partBytes: number;
  /** What nobody names and is older is of a push that was cut, and may be removed. */
  readonly graceMs: number;
  readonly lock: ObjectLock | undefined;
}

/** To put what was there a moment ago, and is not any more. */
const attempts = 3;
/** The API's bound. */
const mostParts = 10_000;

/**
 * Puts a file of the archive at its key, unless it is there.
 *
 * @returns whether it was not there
 * @throws DifferenceError for a file that is not what its manifest says; StoppedError where another push has put something
 *   else there
 */
export async function uploadFile(uploading: Uploading, file: HashedFile): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    if ((await send(uploading, file)) === 'created') return true;
    if ((await compare(uploading, file)) === 'same') return false;
    if (attempt === attempts) {
      throw new StoppedError(`Cannot push to "${uploading.bucket.client.addressOf(file.path)}": it comes and goes`, {
        hint: 'Something else writes there: push again when it has ended',
      });
    }
  }
}

/** Whether a key holds a file of the archive already; what a push that was cut long ago left there is removed. */
async function compare({ bucket, graceMs, lock }: Uploading, file: HashedFile): Promise<'same' | 'gone'> {
  const head = await bucket.head(file.path);
  if (head === undefined) return 'gone';
  if (head.sha256 === file.sha256 && head.sizeBytes === file.sizeBytes) {
    if (lock !== undefined && (head.lockedUntilMs ?? 0) < lock.untilMs) await bucket.lock(file.path, lock);
    return 'same';
  }
  const address = bucket.client.addressOf(file.path);
  if (head.sha256 === undefined || head.nowMs - head.modifiedMs < graceMs) {
    throw new StoppedError(
      `Cannot push to "${address}": there is something else, and this push does not overwrite it`,
      {
        hint: 'If another copy of the archive is being pushed, that one wins; else remove the object, and push again',
      },
    );
  }
  // Behind a mark, where it is locked: "If-None-Match" asks for the current version only.
  if (head.lockedUntilMs === undefined) await bucket.remove(file.path, head.isVersioned);
  else await bucket.hide(file.path);
  return 'gone';
}

async function send(uploading: Uploading, file: HashedFile): Promise<'created' | 'taken'> {
  const { bucket, disk, archive, partBytes, lock } = uploading;
  const path = join(archive, file.path);
  if (file.sizeBytes > partBytes) {
    return bucket.createOfParts(file.path, parts(uploading, file), file.sha256, lock);
  }
  const bytes = await readRange(disk, path, 0, file.sizeBytes);
  expectHash(path, file, sha256(bytes));
  return bucket.create(file.path, bytes, file.sha256, lock);
}

/** The last part comes when all are known to be what the manifest says. */
async function* parts({ disk, archive, partBytes }: Uploading, file: HashedFile): AsyncGenerator<Uint8Array> {
  const size = Math.max(partBytes, Math.ceil(file.sizeBytes / mostParts));
  const path = join(archive, file.path);
  const hash = createHash('sha256');
  for (let at = 0; at < file.sizeBytes; at += size) {
    const end = Math.min(at + size, file.sizeBytes);
    const part = await readRange(disk, path, at, end);
    hash.update(part);
    if (end === file.sizeBytes) expectHash(path, file, hash.digest('hex'));
    yield part;
  }
}

function expectHash(path: string, file: HashedFile, actual: string): void {
  if (actual === file.sha256) return;
  throw new DifferenceError(`Cannot push "${path}": its SHA-256 is ${actual}, and its manifest says ${file.sha256}`, {
    hint: 'Restore the file from a backup; `verify` names every file that is not what it was',
  });
}
