import { sha256 } from '../../archive/hash-file.ts';
import { manifestPath, runName } from '../../archive/paths.ts';
import { DifferenceError } from '../../errors.ts';
import type { Bucket } from '../client/bucket.ts';
import type { PublishedArchive } from '../published-archive.ts';

/**
 * Refuses to push where something else is than an earlier state of this very archive. Each manifest names the one before
 * it by its hash: where the newest that is there is ours, all before it are.
 *
 * @param pushed number of the newest manifest in the bucket; 0: none
 * @throws DifferenceError
 */
export async function expectSameChain(
  bucket: Bucket,
  archive: string,
  local: PublishedArchive,
  pushed: number,
): Promise<void> {
  if (pushed === 0) return;
  const hashOf = async (run: number): Promise<string | undefined> => {
    const found = await bucket.read(manifestPath(run));
    return found && sha256(found.bytes);
  };
  if ((await hashOf(pushed)) === local.links[pushed - 1]?.sha256) return;
  const address = bucket.client.addressOf();
  if ((await hashOf(1)) !== local.links[0]?.sha256) {
    throw new DifferenceError(`Cannot push "${archive}" to "${address}": it holds another archive`, {
      hint: 'Name another prefix: each archive has one of its own',
    });
  }
  const { newest } = local;
  if (pushed > newest.run && (await hashOf(newest.run)) === newest.sha256) {
    throw new DifferenceError(
      `Cannot push "${archive}" to "${address}": the archive ends with ${runName(newest.run)}, and there are manifests up to ${runName(pushed)}`,
      { hint: 'The folder is an older copy: `pull` the newer archive, and continue from that' },
    );
  }
  throw new DifferenceError(
    `Cannot push "${archive}" to "${address}": both begin with the same run, and went different ways since`,
    { hint: 'Two copies of one archive were continued: decide which is right, and push the other to another prefix' },
  );
}
