import type { Variables } from '../../../src/storage/access/storage-access.ts';
import type { PushedArchive } from '../../../src/model/run/pushed-archive.ts';
import { uploadArchive, type UploadOptions } from '../../../src/storage/push/upload-archive.ts';
import { downloadArchive, type PulledArchive } from '../../../src/storage/read/download-archive.ts';
import { verifyBucket } from '../../../src/storage/read/verify-bucket.ts';
import type { VerifyReport } from '../../../src/archive/verify/verify-report.ts';
import type { StorageSurroundings } from '../../../src/storage/client/storage-client.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { here } from '../runs/run-here.ts';
import { instantly, openBucketAt } from './open-bucket.ts';
import type { StrictS3 } from './strict-s3.ts';

const address = 's3://archives/nightly';

/** Pushes from this process, without ever waiting. */
export async function pushHere(
  archive: string,
  variables: Variables,
  options: Partial<UploadOptions> & Partial<Omit<StorageSurroundings, 'clock'>> & { readonly to?: string } = {},
): Promise<PushedArchive> {
  const { to = address, ...rest } = options;
  const surroundings = { ...instantly, ...rest, clock: { ...instantly.clock, ...rest.clock } };
  return uploadArchive(archive, await openBucketAt(variables, to, surroundings), {
    ...surroundings,
    disk: nodeDisk,
    ...rest,
  });
}

export async function verifyThere(variables: Variables, to = address): Promise<VerifyReport> {
  return verifyBucket(await openBucketAt(variables, to), {});
}

export async function pullHere(variables: Variables, folder: string, to = address): Promise<PulledArchive> {
  const { disk, clock, process, isAlive } = here;
  return downloadArchive(await openBucketAt(variables, to), folder, { disk, clock, process, isAlive });
}

/** Key → content of what is there, below a prefix. */
export function objectsIn(store: StrictS3, prefix = 'nightly/', bucket = 'archives'): Readonly<Record<string, string>> {
  const objects = store.bucket(bucket);
  return Object.fromEntries(
    [...objects.versions.keys()]
      .filter((key) => key.startsWith(prefix) && objects.current(key) !== undefined)
      .map((key) => [key.slice(prefix.length), objects.current(key)?.bytes?.toString('latin1') ?? '']),
  );
}
