import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { hashIfThere } from '../hash-file.ts';
import { publishedFilesOf, sumsOfRun } from '../manifest/link-files.ts';
import type { LinkHead } from '../manifest/parts/link-head.ts';
import type { StoredManifest } from '../manifest/run-manifests.ts';
import { archivePaths, manifestPath, partPath } from '../paths.ts';
import { pendingFaults } from '../publish/pending-faults.ts';
import { signatureFiles } from '../../signature/link-signer.ts';
import type { Ledger } from './ledger.ts';
import { verifyFile } from './verify-file.ts';
import type { Difference } from './verify-report.ts';

/** What may or may not be there yet while a link is published. */
export function namedByPending(manifest: LinkHead): readonly string[] {
  const path = manifestPath(manifest.run);
  const signatures = manifest.signer === undefined ? [] : signatureFiles(manifest.signer);
  const beside = signatures.map(({ ending }) => `${path}${ending}`);
  const inMaking = [path, archivePaths.sums, ...beside].map((own) => `${own}.tmp`);
  return [...sumsOfRun(manifest, '').keys(), ...beside, ...inMaking];
}

/** What a link that is half published has a say in. */
interface PendingLink {
  /** What contradicts that it is one. */
  readonly differences: readonly Difference[];
  /** Whether the files that it replaces may be gone: they go last, when all of it is in its place. */
  readonly mayRemove: boolean;
}

/**
 * Looks whether what says that it is being published is a link that this archive could have committed: without that, whoever
 * can write to the folder puts one there, and what it names is overlooked. It follows the newest link, is signed where that
 * is, and has its files whole, under their names or still in `_work`.
 *
 * @param ledger of all other links
 */
export async function verifyPending(
  disk: Disk,
  archive: string,
  pending: StoredManifest,
  ledger: Pick<Ledger, 'newest' | 'signatures'>,
): Promise<PendingLink> {
  const { manifest } = pending;
  const { newest, signatures } = ledger;
  const { faults, areSignaturesPublished } = await pendingFaults(disk, archive, pending, newest, signatures.currentKey);
  const differences: Difference[] = [...faults];
  for (const file of publishedFilesOf(manifest)) {
    const found = await verifyFile(disk, archive, file);
    if (found === undefined) continue;
    // A part that was not renamed yet.
    const part =
      found.problem === 'missing' && (await verifyFile(disk, archive, { ...file, path: partPath(file.path) }));
    if (part !== undefined) differences.push(found);
  }
  const published = await hashIfThere(disk, join(archive, manifestPath(manifest.run)));
  return {
    differences,
    mayRemove: differences.length === 0 && published === pending.sha256 && areSignaturesPublished,
  };
}
