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
import { claim, settle } from './claim.ts';
import { expectSameChain } from './expect-same-chain.ts';
import { expectUnlocked } from './expect-unlocked.ts';
import { readPublished, type PublishedArchive, type StandingFile } from '../published-archive.ts';
import { removeUnnamed } from './remove-unnamed.ts';
import { replaceList } from './replace-list.ts';
import { takeBack } from './take-back.ts';
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
  const runs: number[] = [];
  for await (const { key } of bucket.list(`${archivePaths.manifests}/`)) {
    const run = runOfManifestName(key.slice(archivePaths.manifests.length + 1));
    if (run !== undefined) runs.push(run);
  }
  const pushed = linkedRuns(runs).length;
  await expectSameChain(bucket, archive, local, pushed);
  const sums = sha256(local.sums);
  const { pointer } = stored;
  const isSettled = pointer.pushing === null && pointer.newest?.sha256 === newest.sha256 && pointer.sums === sums;
  const settled = pointer.newest?.run ?? 0;
  const listed = await listAll(bucket);
  if (isSettled && pushed === newest.run && (await isWhole(bucket, local, listed))) {
    return { links: 0, files: 0, sizeBytes: 0, removed: 0, locked: 0, newest: newest.run, isConditional: true };
  }
  await expectUnlocked(bucket, local, listed, settled);

  const claimed = await claim(bucket, local, stored, graceMs);
  const lock = objectLock && { untilMs: lockEndMs(objectLock, clock.now()) };
  const uploading: Uploading = { bucket, disk, archive, partBytes, graceMs, lock };
  const brought = new Set<string>();
  try {
    const sent = await uploadData(uploading, missing(local, listed, settled), brought, onProgress);
    await uploadManifests(uploading, local, listed, pushed);
    await replaceList(bucket, archivePaths.sums, local.sums, claimed);
    await replaceList(bucket, archivePaths.state, local.state, claimed);
    // Behind the manifests: what a push that this one has taken over from brought meanwhile is among it.
    const present = local.replaced.size > 0 ? await listAll(bucket) : listed;
    const removed = await removeUnnamed(bucket, local, present, { nowMs: claimed.nowMs, graceMs });
    await settle(bucket, { newest: { run: newest.run, sha256: newest.sha256 }, sums }, claimed.etag);
    const { isConditional } = claimed;
    return { links: newest.run - settled, ...sent, ...removed, newest: newest.run, isConditional };
  } catch (error) {
    // Where that fails, too, the next push finds what has to go.
    if (error instanceof StoppedError) await takeBack(bucket, brought, newest.run).catch(() => undefined);
    throw error;
  }
}

async function listAll(bucket: Bucket): Promise<ReadonlyMap<string, ListedObject>> {
  const listed = new Map<string, ListedObject>();
  for await (const object of bucket.list()) listed.set(object.key, object);
  return listed;
}

/** Whether all that an ended push brought is still there, and nothing of what it removed. */
async function isWhole(
  bucket: Bucket,
  local: PublishedArchive,
  listed: ReadonlyMap<string, ListedObject>,
): Promise<boolean> {
  const { links, newest, replaced, sums, state } = local;
  const vouching = links.flatMap(({ run, signatures }) => [manifestPath(run), ...signatures.keys()]);
  if (missing(local, listed, newest.run).length > 0 || !vouching.every((key) => listed.has(key))) return false;
  if ([...replaced].some((key) => listed.has(key))) return false;
  for (const [key, bytes] of [[archivePaths.sums, sums] as const, [archivePaths.state, state] as const])
    if ((await bucket.read(key))?.bytes.equals(bytes) !== true) return false;
  return true;
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
  brought: Set<string>,
  onProgress: UploadOptions['onProgress'],
): Promise<{ readonly files: number; readonly sizeBytes: number }> {
  const limit = pLimit(atOnce);
  const sent = { files: 0, sizeBytes: 0 };
  const failed = new AbortController();
  const send = async (file: StandingFile): Promise<void> => {
    if (failed.signal.aborted || !(await uploadFile(uploading, file))) return;
    brought.add(file.path);
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
  present: ReadonlyMap<string, ListedObject>,
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
