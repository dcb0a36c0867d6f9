import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { RedisAccess } from '../../queue/redis/open-redis.ts';
import type { Spool } from '../../queue/spool/spool.ts';
import type { Context } from '../command.ts';

/** Options of commands that share their reading with others. */
export const queueOptions = {
  queue: {
    type: 'string',
    requiresArg: true,
    describe:
      'Redis or Valkey: redis://host:port/number, or rediss:// over TLS. A password comes from REDIS_URL, never from here',
  },
  spool: {
    type: 'string',
    requiresArg: true,
    describe: 'Where journals are filled: a folder that run and workers share, or s3://bucket/prefix',
  },
} as const;

/** What both of them open. */
interface OpenedQueue {
  readonly access: RedisAccess;
  readonly spool: Spool;
}

/** @throws UsageError for options that name no queue and no spool; what opening them throws */
export async function openQueue(
  { queue, spool }: { readonly queue: string; readonly spool: string },
  context: Context,
): Promise<OpenedQueue> {
  const { processContext, keepSecret } = context;
  const [{ queueAddress }, { openRedis }] = await Promise.all([
    import('../../queue/redis/queue-address.ts'),
    import('../../queue/redis/open-redis.ts'),
  ]);
  const address = queueAddress(queue, processContext.env);
  for (const secret of address.secrets) keepSecret(secret);
  const access = await openRedis(address);
  const opened = await openSpool(spool, context).catch((error: unknown) => {
    access.close();
    throw error;
  });
  return { access, spool: opened };
}

async function openSpool(spool: string, context: Context): Promise<Spool> {
  const { processContext } = context;
  const [{ nodeDisk }, { isStorageAddress }] = await Promise.all([
    import('../../system/disk.ts'),
    import('../../model/run/storage-target.ts'),
  ]);
  const id = Array.from({ length: 16 }, () => Math.floor(processContext.random() * 36).toString(36)).join('');
  if (!isStorageAddress(spool)) {
    if (/^[a-z0-9]+:\/\//i.test(spool)) {
      throw new UsageError('Cannot use --spool: it names no folder and no bucket', {
        hint: 'Expected a folder that run and workers share, or s3://bucket/prefix',
      });
    }
    const { openFolderSpool } = await import('../../queue/spool/folder/open-folder-spool.ts');
    return openFolderSpool(nodeDisk, resolve(processContext.cwd, spool), id);
  }
  const [{ storageAt }, { openBucket }, { openBucketSpool }] = await Promise.all([
    import('../evidence/storage-at.ts'),
    import('../../storage/open-bucket.ts'),
    import('../../queue/spool/bucket/open-bucket-spool.ts'),
  ]);
  const { target, reach } = await storageAt(spool, context);
  const bucket = await openBucket(target, reach);
  return openBucketSpool(bucket, nodeDisk, id, join(tmpdir(), `rocketchat-export-${id}`));
}

/** @throws UsageError when one is given without the other */
export function expectBoth(queue: string | undefined, spool: string | undefined): { queue: string; spool: string } {
  if (queue !== undefined && spool !== undefined) return { queue, spool };
  const [given, missing] = queue === undefined ? ['--spool', '--queue'] : ['--queue', '--spool'];
  throw new UsageError(`Missing ${missing}, expected with ${given}`, {
    hint: 'Workers hear of lists by --queue redis://host, and fill their journals in --spool DIR',
  });
}

export async function closeQueue({ access, spool }: OpenedQueue): Promise<void> {
  access.close();
  await spool.close();
}
