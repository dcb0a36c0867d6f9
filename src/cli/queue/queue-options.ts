import { UsageError } from '../../errors.ts';
import type { OpenedQueue } from '../../queue/open-queue.ts';
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

/** @throws as `openQueue` */
export async function openNamedQueue(
  places: { readonly queue: string; readonly spool: string },
  { processContext, keepSecret, log }: Context,
): Promise<OpenedQueue> {
  const { openQueue } = await import('../../queue/open-queue.ts');
  const { nodeDisk } = await import('../../system/disk.ts');
  const { clock, random, cwd, env: variables } = processContext;
  const opened = await openQueue(places, {
    disk: nodeDisk,
    clock,
    random,
    cwd,
    variables,
    signal: () => processContext.interruption(),
    onSecret: keepSecret,
  });
  const { warning } = opened.access;
  if (warning !== null) log.warn(warning);
  return opened;
}

/** @throws UsageError when one is given without the other */
export function expectBoth(queue: string | undefined, spool: string | undefined): { queue: string; spool: string } {
  if (queue !== undefined && spool !== undefined) return { queue, spool };
  const [given, missing] = queue === undefined ? ['--spool', '--queue'] : ['--queue', '--spool'];
  throw new UsageError(`Missing ${missing}, expected with ${given}`, {
    hint: 'Workers hear of lists by --queue redis://host, and fill their journals in --spool DIR',
  });
}
