import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { JobError, OutputError, UsageError } from '../../errors.ts';
import { fingerprintOf } from '../../signature/public-key.ts';
import { isSignature, signatureFiles, type LinkSigner } from '../../signature/link-signer.ts';
import { manifestPath } from '../paths.ts';
import { newestRun, readRunManifest } from '../manifest/run-manifests.ts';

/** Where the key of whoever adds a link comes from: a job, or the command line. */
type KeySource = 'job' | 'command';

/**
 * Refuses to continue a signed archive without its key, or behind a signature that does not hold: a signature vouches
 * for the whole chain before it, and would make a forged one true. Call it before anything is read or written; a link
 * that is half published is to be finished first.
 *
 * @param signer undefined: whoever adds the link has no key
 * @throws JobError or UsageError for a key that is missing or another; OutputError for a signature of the newest link
 *   that is missing or does not hold
 */
export async function expectSigner(
  disk: Disk,
  archive: string,
  signer: LinkSigner | undefined,
  source: KeySource,
): Promise<void> {
  const run = await newestRun(disk, archive);
  if (run === 0) return;
  const { manifest, bytes } = await readRunManifest(disk, archive, run);
  if (manifest.signer === undefined) return;
  const expected = manifest.signer.publicKey;
  const actual = signer?.says.previousKey ?? signer?.says.publicKey;
  if (actual !== expected) refuse(archive, expected, actual, source);
  const signed = await bytes();
  for (const file of signatureFiles(manifest.signer)) {
    const path = join(archive, `${manifestPath(run)}${file.ending}`);
    const found = await disk.readFile(path);
    if (found !== undefined && isSignature(file, signed, found)) continue;
    const what = found === undefined ? 'it is gone' : `it is not that of "${manifestPath(run)}"`;
    throw new OutputError(`Cannot continue behind the signature "${path}": ${what}`, {
      hint: 'Somebody changed the archive: restore it from a backup, and run `verify` to see what else was',
    });
  }
}

function refuse(archive: string, expected: string, actual: string | undefined, source: KeySource): never {
  const whose = `the key with the fingerprint ${fingerprintOf(expected)}`;
  const found = actual === undefined ? 'none is given' : `the one given has ${fingerprintOf(actual)}`;
  const message = `Cannot add to "${archive}": it is signed by ${whose}, and ${found}`;
  if (source === 'job') {
    throw new JobError(message, {
      hint: 'Set "sign.key" of the job to that key; `rekey` changes the key of an archive; or name another folder as "output"',
    });
  }
  throw new UsageError(message, { hint: 'Name the file of that private key with --sign-key' });
}
