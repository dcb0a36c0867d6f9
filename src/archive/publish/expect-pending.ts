import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import { isSignature, signatureFiles } from '../../signature/link-signer.ts';
import { fingerprintOf } from '../../signature/public-key.ts';
import { sha256 } from '../hash-file.ts';
import { linkFault, type ChainLink } from '../manifest/read-chain.ts';
import { publishedRuns, readRunManifest, type StoredManifest } from '../manifest/run-manifests.ts';
import { archivePaths, manifestPath } from '../paths.ts';
import { committedSignature } from './publish-signatures.ts';

/**
 * Looks, before anything is moved or removed, whether what is to be published is a link that this archive has committed: who
 * can write to the folder, and has no key, could have the owner's next run put files in their place and sign behind them.
 *
 * @throws OutputError for one that does not follow the newest link, or is not signed where that is
 */
export async function expectPending(disk: Disk, archive: string, pending: StoredManifest): Promise<void> {
  const { manifest, bytes } = pending;
  const path = join(archive, archivePaths.pendingManifest);
  const refuse = (why: string): never => {
    throw new OutputError(`Cannot publish what "${path}" names: ${why}`, {
      hint: `Nothing was changed. Run \`verify\`, find out who wrote it, and move "${join(archive, archivePaths.work)}" elsewhere`,
    });
  };
  const newest = (await publishedRuns(disk, archive)).filter((run) => run !== manifest.run).at(-1) ?? 0;
  if (manifest.run !== newest + 1) refuse(`it is run ${manifest.run}, and run ${newest} is the newest of the archive`);
  let before: ChainLink | undefined;
  if (newest > 0) {
    const stored = await readRunManifest(disk, archive, newest);
    before = { ...stored, sha256: sha256(stored.bytes) };
  }
  if (linkFault({ ...pending, sha256: sha256(bytes) }, before) !== undefined)
    refuse(
      newest === 0
        ? 'it names a link before it, and there is none'
        : `it does not follow "${manifestPath(newest)}" as that is`,
    );
  const { signer } = manifest;
  const key = before?.manifest.signer?.publicKey;
  if (key !== undefined && (signer?.previousKey ?? signer?.publicKey) !== key)
    refuse(`it is not signed by the key ${fingerprintOf(key)}, which signed the link before`);
  for (const file of signer === undefined ? [] : signatureFiles(signer)) {
    const signature = await committedSignature(disk, archive, manifest.run, file);
    if (signature === undefined || !isSignature(file, bytes, signature))
      refuse(`its signature "${archivePaths.pendingManifest}${file.ending}" is ${signature ? 'damaged' : 'gone'}`);
  }
}
