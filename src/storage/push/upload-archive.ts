import { join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { sha256 } from '../../archive/hash-file.ts';
import { newestRun } from '../../archive/manifest/run-manifests.ts';
import { archivePaths, manifestPath, runOfManifestName } from '../../archive/paths.ts';
import { OutputError, StoppedError } from '../../errors.ts';
import { lockEndMs, type LockDuration } from '../../model/run/lock-duration.ts';
import type { PushedArchive } from '../../model/run/pushed-archive.ts';
import type { Disk } from '../../system/disk.ts';
import type { Clock } from '../../system/clock.ts';
import type { Bucket } from '../client/bucket.ts';
import type { ListedObject } from '../client/bucket-lists.ts';
import { linkedRuns, readPointer } from '../pointer.ts';
import { claim, faster, settle } from './claim.ts';
import { expectSameChain } from './expect-same-chain.ts';
import { expectUnlocked } from './expect-unlocked.ts';
import { readPublished, type PublishedArchive, type StandingFile } from '../published-archive.ts';
import { removeUnnamed } from './remove-unnamed.ts';
import { uploadFile, type Uploading } from './upload-file.ts';

/** What a push needs beside the archive and where it goes. */
export interface UploadOptions {
  readonly disk: Disk;
  readonly clock: Pick<Clock, 'now'>;
  /** For how long nobody may remove data and manifests that this push brings; absent: they are not locked. */
  readonly objectLock?: LockDuration;
  /** Default: 8 MiB. Of what is larger, as many parts as are sent at once are in memory. */
  readonly partBytes?: number;
  /** Default: 24 hours. */
  readonly graceMs?: number;
  /** Called with what has been sent so far. */
  readonly onProgress?: (done: { readonly files: number; readonly of: number; readonly sizeBytes: number }) => void;
}

const defaultPartBytes = 8 << 20;
const defaultGraceMs = 24 * 3_600_000;
/** Files that are sent at once. */
const atOnce = 4;

/** See pushArchive. Those that start while the store has the newest link do nothing. */
export async function uploadArchive(folder: string, bucket: Bucket, options: UploadOptions): Promise<PushedArchive> {
  const archive = resolve(folder);
  const { disk } = options;
  const local = await readPublished(disk, archive, 'push');
  try {
    return await pushLinks(archive, local, bucket, options);
  } catch (error) {
    if (!(error instanceof OutputError) || (await newestRun(disk, archive)) === local.newest.run) throw error;
    throw new StoppedError(`Cannot push "${archive}": a run was published meanwhile`, {
      hint: 'Push again',
      cause: error,
    });
  }
}

async function pushLinks(
  archive: string,
  local: PublishedArchive,
  bucket: Bucket,
  { disk, clock, objectLock, partBytes = defaultPartBytes, graceMs = defaultGraceMs, onProgress }: UploadOptions,
): Promise<PushedArchive> {
  const { newest } = local;
  const stored = await readPointer(bucket);
  const present = new Set<string>();
  for await (const { key } of bucket.list(`${archivePaths.manifests}/`)) present.add(key);
  const runs = [...present].flatMap((key) => runOfManifestName(key.slice(archivePaths.manifests.length + 1)) ?? []);
  const pushed = linkedRuns(runs).length;
  await expectSameChain(bucket, archive, local, pushed);
  const sums = sha256(local.sums);
  const { pointer } = stored;
  const isSettled = pointer.pushing === null && pointer.newest?.sha256 === newest.sha256 && pointer.sums === sums;
  if (isSettled && pushed === newest.run) {
    return { links: 0, files: 0, sizeBytes: 0, removed: 0, locked: 0, newest: newest.run, isConditional: true };
  }
  const settled = pointer.newest?.run ?? 0;
  const listed = new Map<string, ListedObject>();
  for await (const object of bucket.list()) listed.set(object.key, object);
  await expectUnlocked(bucket, local, listed, settled);

  const claimed = await claim(bucket, local, stored, graceMs);
  const lock = objectLock && { untilMs: lockEndMs(objectLock, clock.now()) };
  const uploading: Uploading = { bucket, disk, archive, partBytes, graceMs, lock };
  const sent = await uploadData(uploading, missing(local, listed, settled), onProgress);
  await uploadManifests(uploading, local, present, pushed);
  await replaceList(bucket, archivePaths.sums, local.sums);
  await replaceList(bucket, archivePaths.state, local.state);
  const removed = await removeUnnamed(bucket, local, listed, { nowMs: claimed.nowMs, graceMs });
  await settle(bucket, { newest: { run: newest.run, sha256: newest.sha256 }, sums }, claimed.etag);
  const { isConditional } = claimed;
  return { links: newest.run - settled, ...sent, ...removed, newest: newest.run, isConditional };
}

/** What an ended push brought is there; of one that was cut it is looked at once more. */
function missing(
  { standing }: PublishedArchive,
  listed: ReadonlyMap<string, ListedObject>,
  settled: number,
): readonly StandingFile[] {
  return [...standing.values()].filter(
    ({ path, sizeBytes, run }) => run > settled || listed.get(path)?.sizeBytes !== sizeBytes,
  );
}

async function uploadData(
  uploading: Uploading,
  files: readonly StandingFile[],
  onProgress: UploadOptions['onProgress'],
): Promise<{ readonly files: number; readonly sizeBytes: number }> {
  const limit = pLimit(atOnce);
  const sent = { files: 0, sizeBytes: 0 };
  const failed = new AbortController();
  const send = async (file: StandingFile): Promise<void> => {
    if (failed.signal.aborted || !(await uploadFile(uploading, file))) return;
    sent.files += 1;
    sent.sizeBytes += file.sizeBytes;
    onProgress?.({ ...sent, of: files.length });
  };
  const stopAll = (error: unknown): never => {
    failed.abort();
    throw error;
  };
  // What is in flight ends before the push does.
  const outcomes = await Promise.allSettled(files.map((file) => limit(() => send(file).catch(stopAll))));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return sent;
}

/** Oldest first, each behind what vouches for it: two that push different links never mix, for each stops at the first taken. */
async function uploadManifests(
  uploading: Uploading,
  { links }: PublishedArchive,
  present: ReadonlySet<string>,
  pushed: number,
): Promise<void> {
  const { disk, archive } = uploading;
  // Nothing is ever removed to make place for a manifest.
  const careful = { ...uploading, graceMs: Number.POSITIVE_INFINITY };
  for (const { run, sha256: hash, signatures } of links) {
    // A time stamp may come some runs later.
    const late = [...signatures].filter(([path]) => !present.has(path));
    for (const [path, of] of [...late, ...(run > pushed ? [[manifestPath(run), hash] as const] : [])]) {
      const sizeBytes = (await disk.sizeBytes(join(archive, path))) ?? 0;
      await uploadFile(careful, { path, sizeBytes, sha256: of });
    }
  }
}

/** A list that each push replaces. */
async function replaceList(bucket: Bucket, key: string, bytes: Buffer): Promise<void> {
  const before = await bucket.read(key);
  if (before?.bytes.equals(bytes) === true) return;
  if ((await bucket.replace(key, bytes, before?.etag ?? null)) === undefined) throw faster(bucket);
}
