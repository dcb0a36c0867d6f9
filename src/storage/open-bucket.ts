import { storageTarget, type StorageTarget } from '../model/run/storage-target.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { proxyFor } from '../rocketchat/http/proxy-for.ts';
import type { Clock } from '../system/clock.ts';
import type { Disk } from '../system/disk.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { environmentVariables } from '../system/this-process.ts';
import { storageAccess, type StorageAccess } from './access/storage-access.ts';
import type { Bucket } from './client/bucket.ts';

/** How to reach an object store, and what replaces parts of the environment. */
export interface StorageOptions {
  /** Default: what the environment says as for the AWS command line (AWS_ACCESS_KEY_ID…, or a profile of `~/.aws`). */
  readonly access?: StorageAccess;
  readonly clock?: Clock;
  /** In [0, 1). */
  readonly random?: () => number;
  readonly disk?: Disk;
  /** The proxy for an address, credentials included; undefined: none. Default: what HTTPS_PROXY and NO_PROXY say. */
  readonly proxyFor?: (url: string) => string | undefined;
  /** Aborting it ends the work in order. */
  readonly signal?: AbortSignal;
}

/**
 * The objects of an archive in an object store. Loads what speaks to it only now.
 *
 * @param at `s3://bucket/prefix`, or what a job holds of it
 * @throws UsageError for another address, and when the environment has no keys
 */
export async function openBucket(at: string | StorageTarget, options: StorageOptions = {}): Promise<Bucket> {
  const target = typeof at === 'string' ? storageTarget(at) : at;
  const surroundings = { ...systemSurroundings(), proxyFor, ...omitUndefined(options) };
  const { Bucket } = await import('./client/bucket.ts');
  const { StorageClient } = await import('./client/storage-client.ts');
  const access = surroundings.access ?? (await storageAccess(surroundings.disk, environmentVariables()));
  return new Bucket(new StorageClient(target, access, surroundings));
}
