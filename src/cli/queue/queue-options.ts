import { resolve } from 'node:path';
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
    describe: 'Folder that run and workers share, where journals are filled',
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
  { processContext, keepSecret }: Context,
): Promise<OpenedQueue> {
  const [{ queueAddress }, { openRedis }, { openSpool }, { nodeDisk }] = await Promise.all([
    import('../../queue/redis/queue-address.ts'),
    import('../../queue/redis/open-redis.ts'),
    import('../../queue/spool/spool.ts'),
    import('../../system/disk.ts'),
  ]);
  const address = queueAddress(queue, processContext.env);
  for (const secret of address.secrets) keepSecret(secret);
  if (/^[a-z0-9]+:\/\//i.test(spool)) {
    throw new UsageError('Cannot use --spool: it names no folder', {
      hint: 'Object storage cannot be a spool: name a folder on a file system that run and workers share',
    });
  }
  const access = await openRedis(address);
  const id = Array.from({ length: 16 }, () => Math.floor(processContext.random() * 36).toString(36)).join('');
  return { access, spool: await openSpool(nodeDisk, resolve(processContext.cwd, spool), id) };
}

/** @throws UsageError when one is given without the other */
export function expectBoth(queue: string | undefined, spool: string | undefined): { queue: string; spool: string } {
  if (queue !== undefined && spool !== undefined) return { queue, spool };
  const [given, missing] = queue === undefined ? ['--spool', '--queue'] : ['--queue', '--spool'];
  throw new UsageError(`Missing ${missing}, expected with ${given}`, {
    hint: 'Workers hear of lists by --queue redis://host, and fill their journals in --spool DIR',
  });
}
