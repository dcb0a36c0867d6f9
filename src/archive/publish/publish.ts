import { dirname, join } from 'node:path';
import { replaceFile, type Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import { hashFile, hashIfThere } from '../hash-file.ts';
import { publishedFilesOf, addRun } from '../manifest/link-files.ts';
import type { LinkHead } from '../manifest/parts/link-head.ts';
import type { HashedFile, Manifest, ReplacedFile } from '../manifest/manifest.ts';
import { stateReader } from '../manifest/parts/manifest-readers.ts';
import { archivePaths, foldersOf, manifestPath, partPath, rawPath } from '../paths.ts';
import { expectPending } from './expect-pending.ts';
import { replaceIfOther } from './replace-if-other.ts';
import { prepare, type PublishOptions, type RunContents } from './prepare.ts';
import { readChain } from '../manifest/read-chain.ts';
import { isAttachmentPath } from '../paths/attachment-path.ts';
import { readPendingLink, readPendingManifest, type StoredManifest } from '../manifest/run-manifests.ts';
import { parseSums, serializeSums, type Sha256Sums } from '../sha256-sums.ts';
import { publishSignatures, signaturesOf } from './publish-signatures.ts';
import { replay } from '../state/state-replay.ts';
import { serializeState } from '../state/state-schema.ts';
import { emptyState } from '../state/state.ts';

/** Commits an open run and publishes it: see `prepare` and `finishPublishing`. Needs the lock. */
export async function publish(
  disk: Disk,
  archive: string,
  contents: RunContents,
  options: PublishOptions,
): Promise<Manifest> {
  const manifest = await prepare(disk, archive, contents, options);
  await finishPublishing(disk, archive);
  return manifest;
}

/**
 * Brings a committed run or compaction to its end from wherever it was cut: data files to their names, then the
 * manifest, its signatures, SHA256SUMS, the state, the journals; then the files that a compaction replaces are removed, and `_work` goes
 * last. Each step looks at what is there, so all may be done again. Call it first whenever the lock has been taken. Needs
 * the lock.
 *
 * @returns its manifest; undefined when none was committed
 * @throws OutputError when a part is gone or a final name holds other bytes; as `expectPending`
 */
export async function finishPublishing(disk: Disk, archive: string): Promise<LinkHead | undefined> {
  const pending = await readPendingManifest(disk, archive);
  if (pending === undefined) {
    const work = join(archive, archivePaths.work);
    if ((await disk.list(work))?.length === 0) {
      await disk.remove(work);
      await disk.syncFolder(archive);
    }
    return undefined;
  }
  await expectPending(disk, archive, pending);
  const { manifest } = pending;
  await publishFiles(disk, archive, publishedFilesOf(manifest));
  await disk.makeFolder(join(archive, archivePaths.manifests));
  // New folders reach the disk before the state that relies on what is in them.
  await disk.syncFolder(archive);
  await publishManifest(disk, archive, pending);
  const signatures = await publishSignatures(disk, archive, pending);
  const sums = serializeSums(await mergeSums(disk, archive, pending, signatures));
  await replaceIfOther(disk, join(archive, archivePaths.sums), Buffer.from(sums));
  await publishState(disk, archive, pending);
  if ('replaces' in manifest) await removeReplaced(disk, archive, manifest.replaces);
  if (manifest.kind === 'export' && manifest.raw.length > 0) await keepJournals(disk, archive, manifest);
  // What was made of the archive for its readers has what is gone; it is made again.
  if (manifest.kind === 'purge') await disk.remove(join(archive, archivePaths.views));
  // Its pages show versions that are gone for good, and so does what was left when its making was killed; the next run makes it again.
  if (manifest.kind === 'compaction' && manifest.keeps === 'latest') {
    const { transcript, transcriptInMaking } = archivePaths;
    for (const path of [transcript, transcriptInMaking]) await disk.remove(join(archive, path));
  }
  await removeWork(disk, archive);
  return manifest;
}

async function publishFiles(disk: Disk, archive: string, files: readonly HashedFile[]): Promise<void> {
  const folders = new Set(files.flatMap(({ path }) => foldersOf(path)).map((folder) => join(archive, folder)));
  for (const folder of folders) await disk.makeFolder(folder);
  for (const file of files) await publishFile(disk, archive, file);
  for (const folder of folders) await disk.syncFolder(folder);
}

async function publishFile(disk: Disk, archive: string, file: HashedFile): Promise<void> {
  const final = join(archive, file.path);
  const part = join(archive, partPath(file.path));
  const partIsThere = (await disk.sizeBytes(part)) !== undefined;
  if ((await disk.sizeBytes(final)) !== undefined) {
    const actual = await hashFile(disk, final);
    if (actual === file.sha256) return;
    throw new OutputError(
      `Cannot publish "${final}": the name is taken by another file (SHA-256 ${actual}, expected ${file.sha256})`,
      { hint: `Move "${final}" elsewhere and run the same command again` },
    );
  }
  if (!partIsThere) {
    throw new OutputError(`Cannot publish "${final}": the finished file "${part}" is gone`, {
      hint: `Restore "${part}" from a backup, or remove "${join(archive, archivePaths.pendingManifest)}" to have the files made again`,
    });
  }
  await disk.rename(part, final);
}

async function publishManifest(disk: Disk, archive: string, { manifest, sha256 }: StoredManifest): Promise<void> {
  const path = join(archive, manifestPath(manifest.run));
  const found = await hashIfThere(disk, path);
  if (found !== undefined && found !== sha256) {
    throw new OutputError(`Cannot publish "${path}": another manifest has its name`, {
      hint: 'Run `verify`: it names what does not belong to the archive',
    });
  }
  // A rename that was cut before its flush looks done, and is not.
  if (found !== undefined) await disk.syncFolder(dirname(path));
  else await replaceFile(disk, path, disk.readChunks(join(archive, archivePaths.pendingManifest)));
}

/** A manifest of format version 1 holds its state, whole; the others have it beside them. */
async function publishState(disk: Disk, archive: string, { manifest, formatVersion }: StoredManifest): Promise<void> {
  const { state } = manifest;
  const path = join(archive, archivePaths.state);
  if (formatVersion === 1) {
    const whole = await readPendingLink(disk, archive, stateReader);
    if (whole === undefined) throw new Error('A manifest that is being published is gone');
    const { run, state: change } = whole.manifest;
    await replaceIfOther(disk, path, Buffer.from(serializeState(replay(emptyState, run, change))));
    return;
  }
  if ((await hashIfThere(disk, path)) === state.sha256) {
    await disk.syncFolder(archive);
    return;
  }
  const pending = join(archive, archivePaths.pendingState);
  const found = await hashIfThere(disk, pending);
  if (found !== state.sha256) {
    throw new OutputError(
      `Cannot publish "${path}": the state in "${pending}" is ${found === undefined ? 'gone' : 'damaged'}`,
      {
        hint: `Restore "${pending}" from a backup, or remove "${join(archive, archivePaths.pendingManifest)}" to have the run end again`,
      },
    );
  }
  await disk.rename(pending, path);
  await disk.syncFolder(archive);
}

/** The list so far and this run's lines; a list that is gone or damaged is made again from the manifests. */
async function mergeSums(
  disk: Disk,
  archive: string,
  { manifest, sha256 }: StoredManifest,
  signatures: Sha256Sums,
): Promise<Sha256Sums> {
  const list = await disk.readFile(join(archive, archivePaths.sums));
  const sums = new Map(list && parseSums(list));
  if (sums.size === 0) {
    for await (const link of readChain(disk, archive, manifest.run - 1)) {
      addRun(sums, link.manifest, link.sha256);
      for (const [path, hash] of await signaturesOf(disk, archive, link.manifest)) sums.set(path, hash);
    }
  }
  addRun(sums, manifest, sha256);
  for (const [path, hash] of signatures) sums.set(path, hash);
  return sums;
}

/** The new files are published, and their manifest, sums and state: only now nobody needs these any more. */
async function removeReplaced(disk: Disk, archive: string, replaced: readonly ReplacedFile[]): Promise<void> {
  for (const { path } of replaced) {
    await disk.remove(join(archive, path));
    // Each of them has a folder of its own.
    if (isAttachmentPath(path)) await disk.removeEmptyFolder(dirname(join(archive, path)));
  }
  const folders = new Set(
    replaced.map(({ path }) => (isAttachmentPath(path) ? archivePaths.attachments : dirname(path))),
  );
  for (const folder of folders) await disk.syncFolder(join(archive, folder));
}

/** One rename moves them all. */
async function keepJournals(
  disk: Disk,
  archive: string,
  { run, raw: files }: Pick<Manifest, 'run' | 'raw'>,
): Promise<void> {
  // A run of an earlier build, cut behind its commit, has them where it wrote them.
  const places = [archivePaths.keptJournals, archivePaths.journal].map((path) => join(archive, path));
  const present = await Promise.all(places.map((path) => disk.sizeBytes(path)));
  const kept = places.find((_, at) => present[at] !== undefined);
  const raw = join(archive, rawPath(run));
  await disk.makeFolder(dirname(raw));
  await disk.syncFolder(archive);
  if ((await disk.sizeBytes(raw)) === undefined) {
    if (kept === undefined) {
      throw new OutputError(`Cannot keep the journals in "${raw}": "${places.join('" and "')}" are gone`, {
        hint: `Restore "${places[0]}" from a backup and run the same command again`,
      });
    }
    const prefix = `${rawPath(run)}/`;
    for (const name of (await disk.list(kept)) ?? []) {
      if (!files.some(({ path }) => `${path}/`.startsWith(`${prefix}${name}/`))) await disk.remove(join(kept, name));
    }
    await disk.rename(kept, raw);
  }
  await disk.syncFolder(dirname(raw));
}

/** The commit mark goes last and alone: a journal that outlived it would be taken for that of an open run. */
async function removeWork(disk: Disk, archive: string): Promise<void> {
  const work = join(archive, archivePaths.work);
  const mark = join(archive, archivePaths.pendingManifest);
  for (const name of (await disk.list(work)) ?? []) {
    if (join(work, name) !== mark) await disk.remove(join(work, name));
  }
  await disk.syncFolder(work);
  await disk.remove(mark);
  await disk.syncFolder(work);
  await disk.remove(work);
  await disk.syncFolder(archive);
}
