import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { isSignature, signatureFiles } from '../../signature/link-signer.ts';
import { fingerprintOf } from '../../signature/public-key.ts';
import { linkFault, type ChainLink } from '../manifest/read-chain.ts';
import { archivePaths, manifestPath, runName } from '../paths.ts';
import { committedSignature } from './publish-signatures.ts';

/** What contradicts that a half-published link was committed by the archive it lies in. */
interface PendingFault {
  /** Relative to the archive. */
  readonly path: string;
  readonly problem: 'chain' | 'signature';
  readonly expected: string;
  readonly actual: string;
}

interface PendingLook {
  readonly faults: readonly PendingFault[];
  /** Whether each of its signatures stands beside its manifest already. */
  readonly areSignaturesPublished: boolean;
}

/**
 * Looks whether a link that says it is being published follows the newest one and is signed where that is: whoever can write
 * to the folder, and has no key, can put one there.
 *
 * @param newest the link that it has to follow; undefined: the archive has none
 * @param publicKey the key that has to sign it; undefined: none has signed before
 */
export async function pendingFaults(
  disk: Disk,
  archive: string,
  link: ChainLink,
  newest: Pick<ChainLink, 'manifest' | 'sha256'> | undefined,
  publicKey: string | undefined,
): Promise<PendingLook> {
  const { run, previous, signer } = link.manifest;
  const path = archivePaths.pendingManifest;
  const faults: PendingFault[] = [];
  const expectedRun = (newest?.manifest.run ?? 0) + 1;
  if (run !== expectedRun || linkFault(link, newest) !== undefined) {
    const before = newest && { path: manifestPath(newest.manifest.run), sha256: newest.sha256 };
    const [expected, actual] = [placeOf(expectedRun, before), placeOf(run, previous ?? undefined)];
    faults.push({ path, problem: 'chain', expected, actual });
  }
  const signedBy = signer?.previousKey ?? signer?.publicKey;
  if (publicKey !== undefined && signedBy !== publicKey) {
    const actual = signedBy === undefined ? 'no signature' : signatureBy(signedBy);
    faults.push({ path, problem: 'signature', expected: signatureBy(publicKey), actual });
  }
  let areSignaturesPublished = true;
  if (signer === undefined) return { faults, areSignaturesPublished };
  const signed = await link.bytes();
  for (const file of signatureFiles(signer)) {
    const published = await disk.readFile(join(archive, `${manifestPath(run)}${file.ending}`));
    const isPublished = published !== undefined && isSignature(file, signed, published);
    areSignaturesPublished &&= isPublished;
    const signature = isPublished ? published : await committedSignature(disk, archive, run, file);
    if (signature !== undefined && isSignature(file, signed, signature)) continue;
    const actual = signature === undefined ? 'no such file' : 'another signature';
    faults.push({
      path: `${path}${file.ending}`,
      problem: 'signature',
      expected: signatureBy(file.publicKey),
      actual,
    });
  }
  return { faults, areSignaturesPublished };
}

function placeOf(run: number, before: { readonly path: string; readonly sha256: string } | undefined): string {
  return `${runName(run)}, before it ${before === undefined ? 'none' : `${before.path} with SHA-256 ${before.sha256}`}`;
}

function signatureBy(publicKey: string): string {
  return `a signature by the key ${fingerprintOf(publicKey)}`;
}
