import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { expectOwnFolder } from '../../archive/expect-own-folder.ts';
import { hashFile } from '../../archive/hash-file.ts';
import { underLock, type WriterEnvironment } from '../../archive/lock/under-lock.ts';
import type { HashedFile } from '../../archive/manifest/manifest.ts';
import { archivePaths, manifestPath } from '../../archive/paths.ts';
import { walkFiles } from '../../archive/walk-files.ts';
import { abortError, DifferenceError, OutputError, StoppedError } from '../../errors.ts';
import { replaceFile, type Disk } from '../../system/disk.ts';
import type { Bucket } from '../client/bucket.ts';
import { readPublished, type PublishedArchive } from '../published-archive.ts';
import { expectPullingFolder, markPullingFolder, pullingMark } from './pulling-folder.ts';
import { StorageDisk } from './storage-disk.ts';
import { rootOf } from './verify-bucket.ts';

/** What a pull takes from its surroundings. */
interface DownloadOptions extends WriterEnvironment {
  readonly signal?: AbortSignal;
  /** Called with what has come so far. */
  readonly onProgress?: (done: { readonly files: number; readonly of: number }) => void;
}

/** What a pull brought. */
export interface PulledArchive {
  readonly runs: number;
  readonly files: number;
  readonly sizeBytes: number;
}

/** Files that are fetched at once. */
const atOnce = 4;

/** See pullArchive. */
export async function downloadArchive(
  bucket: Bucket,
  folder: string,
  options: DownloadOptions,
): Promise<PulledArchive> {
  const { disk, signal } = options;
  const archive = resolve(folder);
  await expectOwnFolder(disk, archive);
  const names = await disk.list(archive);
  const isFile = names === undefined && (await disk.sizeBytes(archive)) !== undefined;
  if (isFile || (names ?? []).length > 0) {
    throw new OutputError(`Cannot pull to "${archive}": there is something already`, {
      hint: 'Name a folder that is not there yet, or remove this one first',
    });
  }
  const root = rootOf(bucket);
  const from = new StorageDisk(bucket, root);
  await from.expectRuns('pull');
  const published = await readPublished(from, root, 'pull');
  const beside = `${archive}.pulling`;
  await expectPullingFolder(disk, beside);
  const pulled = await underLock(beside, options, async ({ disk: held, lost }) => {
    const ended = AbortSignal.any([lost, ...(signal ? [signal] : [])]);
    await markPullingFolder(held, beside);
    return fetchAll({ from, root, to: held, beside, signal: ended }, published, bucket, options.onProgress);
  });
  await disk.removeEmptyFolder(archive);
  await disk.remove(join(beside, pullingMark));
  await disk.rename(beside, archive);
  await disk.syncFolder(dirname(archive));
  return { ...pulled, runs: published.links.length };
}

interface Fetching {
  readonly from: StorageDisk;
  readonly root: string;
  readonly to: Disk;
  readonly beside: string;
  readonly signal: AbortSignal;
}

async function fetchAll(
  fetching: Fetching,
  { standing, links, sums, state }: PublishedArchive,
  bucket: Bucket,
  onProgress: DownloadOptions['onProgress'],
): Promise<Omit<PulledArchive, 'runs'>> {
  const { from, root, to, beside, signal } = fetching;
  await removeOthers(fetching, new Set([...standing.keys()]));
  const limit = pLimit(atOnce);
  const got = { files: 0, sizeBytes: 0 };
  const outcomes = await Promise.allSettled(
    [...standing.values()].map((file) =>
      limit(async () => {
        if (signal.aborted) throw abortError(signal);
        await fetchFile(fetching, bucket, file);
        got.files += 1;
        got.sizeBytes += file.sizeBytes;
        onProgress?.({ files: got.files, of: standing.size });
      }),
    ),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  await to.makeFolder(join(beside, archivePaths.manifests));
  for (const { run, signatures } of links) {
    for (const path of [manifestPath(run), ...signatures.keys()]) {
      const bytes = await from.readFile(join(root, path));
      if (bytes === undefined) throw goneError(bucket, path);
      await replaceFile(to, join(beside, path), bytes);
    }
  }
  await replaceFile(to, join(beside, archivePaths.sums), sums);
  await replaceFile(to, join(beside, archivePaths.state), state);
  return got;
}

/** Of a pull that was cut, and whose archive has been compacted or purged since. */
async function removeOthers({ to, beside }: Fetching, wanted: ReadonlySet<string>): Promise<void> {
  for await (const { name, path } of walkFiles(to, beside)) {
    if (!wanted.has(name) && name !== pullingMark && !name.startsWith('_lock')) await to.remove(path);
  }
}

async function fetchFile(
  { from, root, to, beside, signal }: Fetching,
  bucket: Bucket,
  file: HashedFile,
): Promise<void> {
  const path = join(beside, file.path);
  // Of a pull that was cut.
  if ((await to.sizeBytes(path)) === file.sizeBytes && (await hashFile(to, path)) === file.sha256) return;
  await to.makeFolder(dirname(path));
  const open = await to.open(`${path}.tmp`, 'truncate');
  const hash = createHash('sha256');
  try {
    if ((await from.sizeBytes(join(root, file.path))) === undefined) throw goneError(bucket, file.path);
    for await (const chunk of from.readChunks(join(root, file.path))) {
      if (signal.aborted) throw abortError(signal);
      hash.update(chunk);
      await open.write(chunk);
    }
    await open.sync();
  } finally {
    await open.close();
  }
  const actual = hash.digest('hex');
  if (actual !== file.sha256) {
    throw new DifferenceError(
      `Cannot pull "${bucket.client.addressOf(file.path)}": its SHA-256 is ${actual}, and its manifest says ${file.sha256}`,
      {
        hint: 'Somebody changed it: `verify` names everything that differs; remove that there, and push the archive again from a folder that is whole',
      },
    );
  }
  await to.rename(`${path}.tmp`, path);
}

function goneError(bucket: Bucket, key: string): StoppedError {
  return new StoppedError(`Cannot pull "${bucket.client.addressOf(key)}": there is no such object`, {
    hint: 'A push may have put other files in its place meanwhile: pull again; else `verify` names what is missing',
  });
}
