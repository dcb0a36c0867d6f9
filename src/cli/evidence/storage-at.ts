import type { StorageTarget } from '../../model/run/storage-target.ts';
import type { StorageAccess } from '../../storage/access/storage-access.ts';
import type { StorageSurroundings } from '../../storage/client/storage-client.ts';
import type { Context } from '../command.ts';

/** An object store that a command names, and how to reach it. */
interface NamedStorage {
  readonly target: StorageTarget;
  readonly access: StorageAccess;
  readonly surroundings: StorageSurroundings;
}

/**
 * @param address `s3://bucket/prefix`
 * @throws UsageError for any other address, and when the environment has no keys
 */
export async function storageAt(address: string, { processContext, keepSecret }: Context): Promise<NamedStorage> {
  const { storageTarget } = await import('../../model/run/storage-target.ts');
  const { storageAccess } = await import('../../storage/access/storage-access.ts');
  const { nodeDisk } = await import('../../system/disk.ts');
  const { proxyFor } = await import('../../rocketchat/http/proxy-for.ts');
  const target = storageTarget(address);
  const access = await storageAccess(nodeDisk, processContext.env);
  for (const secret of [access.secretAccessKey, access.sessionToken ?? '']) keepSecret(secret);
  const { clock, random } = processContext;
  return { target, access, surroundings: { clock, random, proxyFor, signal: processContext.interruption() } };
}
