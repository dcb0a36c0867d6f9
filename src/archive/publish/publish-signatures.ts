import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import { isSignature, signatureFiles, type SignatureFile } from '../../signature/link-signer.ts';
import { sha256 } from '../hash-file.ts';
import type { AnyManifest } from '../manifest/manifest.ts';
import type { StoredManifest } from '../manifest/run-manifests.ts';
import { archivePaths, manifestPath, timestampPath } from '../paths.ts';
import { replaceIfOther } from './replace-if-other.ts';
import type { Sha256Sums } from '../sha256-sums.ts';

/**
 * Puts the signatures of a committed link beside its manifest.
 *
 * @returns what SHA256SUMS has to say of them
 * @throws OutputError for one that is gone or was changed since the commit: without the key it cannot be made again
 */
export async function publishSignatures(
  disk: Disk,
  archive: string,
  { manifest, bytes }: StoredManifest,
): Promise<Sha256Sums> {
  const sums = new Map<string, string>();
  if (manifest.signer === undefined) return sums;
  const signed = await bytes();
  for (const file of signatureFiles(manifest.signer)) {
    const path = `${manifestPath(manifest.run)}${file.ending}`;
    const pending = join(archive, `${archivePaths.pendingManifest}${file.ending}`);
    const signature = await committedSignature(disk, archive, manifest.run, file);
    if (signature === undefined || !isSignature(file, signed, signature)) {
      throw new OutputError(
        `Cannot publish "${join(archive, path)}": "${pending}" is ${signature ? 'damaged' : 'gone'}`,
        {
          hint: `Restore "${pending}" from a backup, or remove "${join(archive, archivePaths.pendingManifest)}" to have the run end again`,
        },
      );
    }
    await replaceIfOther(disk, join(archive, path), signature);
    sums.set(path, sha256(signature));
  }
  return sums;
}

/** A signature of the link that is being published. Where only the removal of `_work` was cut, it has its name already. */
export async function committedSignature(
  disk: Disk,
  archive: string,
  run: number,
  { ending }: Pick<SignatureFile, 'ending'>,
): Promise<Buffer | undefined> {
  const pending = await disk.readFile(join(archive, `${archivePaths.pendingManifest}${ending}`));
  return pending ?? (await disk.readFile(join(archive, `${manifestPath(run)}${ending}`)));
}

/** What SHA256SUMS has to say of the signatures and the time stamp of a published link. */
export async function signaturesOf(
  disk: Disk,
  archive: string,
  { run, signer }: Pick<AnyManifest, 'run' | 'signer'>,
): Promise<Sha256Sums> {
  const sums = new Map<string, string>();
  if (signer === undefined) return sums;
  const signatures = signatureFiles(signer).map(({ ending }) => `${manifestPath(run)}${ending}`);
  for (const path of [...signatures, timestampPath(run)]) {
    const bytes = await disk.readFile(join(archive, path));
    if (bytes !== undefined) sums.set(path, sha256(bytes));
  }
  return sums;
}
