import { dirname, join } from 'node:path';
import { replaceFile } from '../../system/disk.ts';
import type { Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import { hashFile, hashIfThere, sha256OfPieces } from '../hash-file.ts';
import { manifestBytes } from '../manifest/manifest-json.ts';
import { attachmentsOf, partFilesOf, publishedFilesOf, sumsOfRun } from '../manifest/link-files.ts';
import type { AnyManifest, HashedFile, PreviousLink } from '../manifest/manifest.ts';
import { archivePaths, foldersOf, manifestPath, partPath, rawPath } from '../paths.ts';
import { expectSigner } from './expect-signer.ts';
import { checkAgainstSums } from '../manifest/read-chain.ts';
import { newestRun, readRunManifest } from '../manifest/run-manifests.ts';
import { parseSums } from '../sha256-sums.ts';
import { stateBytes, stateSha256 } from '../state/state-schema.ts';
import type { LinkSigner } from '../../signature/link-signer.ts';
import type { State } from '../state/state.ts';

/**
 * Commits a link of the chain: checks its parts, writes the state after it to `_work/state.json` (unless `_state.json`
 * is that already) and its manifest to `_work/manifest.json`. Before that nothing of it is published; from then on
 * `finishPublishing` brings it to its end, however often it is cut.
 *
 * Each of its files must be closed and flushed at `_work/parts/<path>`, journals that it keeps in `_work/raw`.
 *
 * A signed link is committed with its signatures: `_work/manifest.json.sig` and the others are there before the mark is.
 *
 * @param state after the link
 * @param signer of the key that the manifest names; undefined: it names none
 * @throws OutputError when a part is missing or cut, or a final name is taken by other bytes
 */
export async function commit(
  disk: Disk,
  archive: string,
  manifest: AnyManifest,
  state: State,
  signer?: LinkSigner,
): Promise<void> {
  const { run } = manifest;
  const files = publishedFilesOf(manifest);
  // Each entry is checked when it is its turn: what cannot be read back must not be committed.
  const bytes = [...manifestBytes(manifest)];
  const hash = sha256OfPieces(bytes);
  if (state.run !== run || manifest.state.sha256 !== stateSha256(state)) {
    throw new Error(`Run ${run} cannot be committed with another state than its own`);
  }
  if (manifest.signer !== signer?.says) throw new Error(`Run ${run} cannot be signed by another key than it names`);
  if (new Set(files.map((file) => file.path)).size !== files.length) throw new Error('Two files have the same name');
  for (const file of files) await checkPart(disk, archive, file);
  await checkNamesAreFree(disk, archive, manifest, hash);

  for (const folder of workFolders(manifest)) await disk.syncFolder(join(archive, folder));
  const pending = join(archive, archivePaths.pendingManifest);
  if ((await disk.readFile(pending)) !== undefined) {
    throw new Error(`Run ${run} cannot be committed: an earlier one must be finished first`);
  }
  await disk.makeFolder(dirname(pending));
  await disk.syncFolder(archive);
  const present = join(archive, archivePaths.state);
  if ((await hashIfThere(disk, present)) !== manifest.state.sha256)
    await replaceFile(disk, join(archive, archivePaths.pendingState), stateBytes(state));
  for (const [ending, signature] of signer?.sign(Buffer.concat(bytes)) ?? []) {
    await replaceFile(disk, `${pending}${ending}`, signature);
  }
  await replaceFile(disk, pending, bytes);
}

/**
 * The link that the next one follows; null for the first.
 *
 * @param signer that will sign the next one
 * @throws OutputError when it is not what SHA256SUMS says; as `expectSigner`
 */
export async function newestLink(
  disk: Disk,
  archive: string,
  run: number,
  signer: LinkSigner | undefined,
): Promise<NewestLink | null> {
  const newest = await newestRun(disk, archive);
  if (run !== newest + 1) throw new Error(`Run ${run} cannot follow run ${newest}`);
  if (newest === 0) return null;
  const { sha256, manifest, formatVersion } = await readRunManifest(disk, archive, newest);
  const link = { path: manifestPath(newest), sha256 };
  await checkAgainstSums(disk, archive, newest, link.sha256);
  await expectSigner(disk, archive, signer, 'command');
  return { link, formatVersion, isSigned: manifest.signer !== undefined };
}

interface NewestLink {
  readonly link: NonNullable<PreviousLink>;
  /** A link of version 1 holds its state in another form: none can be replayed from it. */
  readonly formatVersion: number;
  readonly isSigned: boolean;
}

async function checkPart(disk: Disk, archive: string, file: HashedFile): Promise<void> {
  const path = join(archive, partPath(file.path));
  const sizeBytes = await disk.sizeBytes(path);
  if (sizeBytes !== file.sizeBytes) {
    const found = sizeBytes === undefined ? 'it is not there' : `it has ${sizeBytes} bytes`;
    throw new OutputError(`Cannot publish "${path}": ${found}, expected ${file.sizeBytes} bytes`, {
      hint: 'Something else changed the folder: run the same command again',
    });
  }
}

async function checkNamesAreFree(
  disk: Disk,
  archive: string,
  manifest: AnyManifest,
  manifestSha256: string,
): Promise<void> {
  const taken = (path: string): never => {
    throw new OutputError(
      `Cannot publish "${path}": the name is taken by another file, and no file is ever overwritten`,
      {
        hint: 'Run `verify`: it names what does not belong to the archive',
      },
    );
  };
  for (const file of publishedFilesOf(manifest)) {
    const path = join(archive, file.path);
    if ((await disk.sizeBytes(path)) !== undefined && (await hashFile(disk, path)) !== file.sha256) taken(path);
  }
  const raw = join(archive, rawPath(manifest.run));
  if ((await disk.sizeBytes(raw)) !== undefined) taken(raw);
  const list = await disk.readFile(join(archive, archivePaths.sums));
  const sums = list && parseSums(list);
  for (const [path, hash] of sumsOfRun(manifest, manifestSha256)) {
    const known = sums?.get(path);
    if (known !== undefined && known !== hash) taken(join(archive, path));
  }
}

/** Folders whose entries must be on the disk before the commit is. */
function workFolders(manifest: AnyManifest): readonly string[] {
  const parts = partFilesOf(manifest).flatMap((file) => foldersOf(file.path).map(partPath));
  const raw = manifest.kind === 'export' ? manifest.raw : [];
  const journals = raw.map((file) => dirname(file.path.replace(rawPath(manifest.run), archivePaths.keptJournals)));
  const attachments = attachmentsOf(manifest).map(({ path }) => dirname(partPath(path)));
  return [
    ...new Set([
      ...[...parts, ...(parts.length > 0 ? [archivePaths.parts] : [])],
      ...[...attachments, ...(attachments.length > 0 ? [archivePaths.savedAttachments] : [])],
      ...journals,
    ]),
  ];
}
