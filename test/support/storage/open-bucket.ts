import { Bucket } from '../../../src/storage/client/bucket.ts';
import { StorageClient, type StorageSurroundings } from '../../../src/storage/client/storage-client.ts';
import { storageAccess, type Variables } from '../../../src/storage/access/storage-access.ts';
import { storageTarget } from '../../../src/model/run/storage-target.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';

/** What a client takes from its surroundings: it never waits in real time. */
export const instantly: StorageSurroundings = {
  clock: { now: Date.now, sleep: () => Promise.resolve() },
  random: () => 0.5,
};

/** The bucket that a test's variables lead to. */
export async function openBucketAt(
  variables: Variables,
  address = 's3://archives/nightly',
  surroundings = instantly,
): Promise<Bucket> {
  const access = await storageAccess(new MemoryDisk(), variables);
  return new Bucket(new StorageClient(storageTarget(address), access, surroundings));
}
