import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { isStorageAddress, storageTarget } from '../model/run/storage-target.ts';
import { storageAccess, type Variables } from '../storage/access/storage-access.ts';
import { openBucket } from '../storage/open-bucket.ts';
import type { Clock } from '../system/clock.ts';
import type { Disk } from '../system/disk.ts';
import type { RedisAccess } from './redis/open-redis.ts';
import type { Spool } from './spool/spool.ts';

/** Where lists are handed out, and where their journals are filled. */
interface QueuePlaces {
  /** `redis://host:port/number`. A password comes from REDIS_URL. */
  readonly queue: string;
  /** A folder that run and workers share, or `s3://bucket/prefix`. */
  readonly spool: string;
}

interface QueueSurroundings {
  readonly disk: Disk;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly cwd: string;
  /** Of the environment: REDIS_URL, and the keys of a bucket. */
  readonly variables: Variables;
  /** Ends what asks a bucket. */
  readonly signal: () => AbortSignal;
  /** Called with each password and key before it is used. */
  readonly onSecret: (secret: string) => void;
}

export interface OpenedQueue {
  readonly access: RedisAccess;
  readonly spool: Spool;
  readonly close: () => Promise<void>;
}

/** @throws UsageError for what names no queue and no spool; what opening them throws */
export async function openQueue(places: QueuePlaces, surroundings: QueueSurroundings): Promise<OpenedQueue> {
  const [{ queueAddress }, { openRedis }] = await Promise.all([
    import('./redis/queue-address.ts'),
    import('./redis/open-redis.ts'),
  ]);
  const address = queueAddress(places.queue, surroundings.variables);
  for (const secret of address.secrets) surroundings.onSecret(secret);
  const access = await openRedis(address);
  const spool = await openSpool(places.spool, surroundings).catch((error: unknown) => {
    access.close();
    throw error;
  });
  return {
    access,
    spool,
    close: async () => {
      access.close();
      await spool.close();
    },
  };
}

async function openSpool(spool: string, surroundings: QueueSurroundings): Promise<Spool> {
  const { disk, clock, random, cwd, variables, signal, onSecret } = surroundings;
  const id = Array.from({ length: 16 }, () => Math.floor(random() * 36).toString(36)).join('');
  if (!isStorageAddress(spool)) {
    if (/^[a-z0-9]+:\/\//i.test(spool)) {
      throw new UsageError('Cannot use --spool: it names no folder and no bucket', {
        hint: 'Expected a folder that run and workers share, or s3://bucket/prefix',
      });
    }
    const { openFolderSpool } = await import('./spool/folder/open-folder-spool.ts');
    return openFolderSpool(disk, resolve(cwd, spool), id);
  }
  const target = storageTarget(spool);
  const access = await storageAccess(disk, variables);
  for (const secret of [access.secretAccessKey, access.sessionToken ?? '']) onSecret(secret);
  const { openBucketSpool } = await import('./spool/bucket/open-bucket-spool.ts');
  const bucket = await openBucket(target, { access, clock, random, signal: signal() });
  return openBucketSpool(bucket, disk, id, join(tmpdir(), `rocketchat-export-${id}`));
}
