import { storageAccess, type Variables } from '../../../src/storage/access/storage-access.ts';
import type { PushedArchive } from '../../../src/model/run/pushed-archive.ts';
import { pushArchive, type PushOptions } from '../../../src/storage/push/push-archive.ts';
import { pullArchive, type PulledArchive } from '../../../src/storage/read/pull-archive.ts';
import { verifyPushed } from '../../../src/storage/read/verify-pushed.ts';
import type { VerifyReport } from '../../../src/archive/verify/verify-report.ts';
import { storageTarget } from '../../../src/model/run/storage-target.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { here } from '../runs/run-here.ts';
import { instantly, openBucketAt } from './open-bucket.ts';
import type { StrictS3 } from './strict-s3.ts';

const address = 's3://archives/nightly';

/** Pushes from this process, without ever waiting. */
export async function pushHere(
  archive: string,
  variables: Variables,
  options: Partial<PushOptions> & { readonly to?: string } = {},
): Promise<PushedArchive> {
  const { to = address, ...rest } = options;
  const access = await storageAccess(nodeDisk, variables);
  return pushArchive(archive, storageTarget(to), { ...instantly, access, disk: nodeDisk, ...rest });
}

export async function verifyThere(variables: Variables, to = address): Promise<VerifyReport> {
  return verifyPushed(await openBucketAt(variables, to), {});
}

export async function pullHere(variables: Variables, folder: string, to = address): Promise<PulledArchive> {
  const { disk, clock, process, isAlive } = here;
  return pullArchive(await openBucketAt(variables, to), folder, { disk, clock, process, isAlive });
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
