import type { StorageTarget } from '../../model/run/storage-target.ts';
import type { StorageOptions } from '../../storage/open-bucket.ts';
import type { Context } from '../command.ts';

/** An object store that a command names, and how this process reaches it. */
interface NamedStorage {
  readonly target: StorageTarget;
  readonly reach: StorageOptions;
}

/**
 * Has its keys never printed.
 *
 * @param address `s3://bucket/prefix`
 * @throws UsageError for any other address, and when the environment has no keys
 */
export async function storageAt(address: string, { processContext, keepSecret }: Context): Promise<NamedStorage> {
  const { storageTarget } = await import('../../model/run/storage-target.ts');
  const { storageAccess } = await import('../../storage/access/storage-access.ts');
  const { nodeDisk } = await import('../../system/disk.ts');
  const target = storageTarget(address);
  const access = await storageAccess(nodeDisk, processContext.env);
  for (const secret of [access.secretAccessKey, access.sessionToken ?? '']) keepSecret(secret);
  const { clock, random } = processContext;
  return { target, reach: { access, clock, random, signal: processContext.interruption() } };
}
