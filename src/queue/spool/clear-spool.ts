import type { Spool } from './spool.ts';
import type { SpoolOrder } from './spool-order.ts';

/**
 * Removes what earlier runs of an archive left in a spool: runs that were cut and never resumed, since their job was
 * changed. Those of another host stay: their archive may only have the same path.
 *
 * @param keep names the run that is at work
 */
export async function clearSpool(
  spool: Spool,
  { host, archive }: Pick<SpoolOrder, 'host' | 'archive'>,
  keep: string,
): Promise<void> {
  for (const key of await spool.keys()) {
    if (key === keep) continue;
    const run = spool.run(key);
    // Another version of the program may have written it.
    const order = await run.order().catch(() => undefined);
    if (order?.archive === archive && order.host === host) await run.remove();
  }
}
