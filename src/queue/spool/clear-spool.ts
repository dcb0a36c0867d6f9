import type { Disk } from '../../system/disk.ts';
import type { SpoolOrder } from './spool-order.ts';
import { SpooledRun } from './spooled-run.ts';

/**
 * Removes what earlier runs of an archive left in a spool: runs that were cut and never resumed, since their job was
 * changed. Those of another host stay: their archive may only have the same path.
 *
 * @param keep names the run that is at work
 */
export async function clearSpool(
  disk: Disk,
  folder: string,
  { host, archive }: Pick<SpoolOrder, 'host' | 'archive'>,
  keep: string,
): Promise<void> {
  for (const key of (await disk.list(folder)) ?? []) {
    if (!/^[0-9a-f]{20}(\.over)?$/.test(key) || key === keep) continue;
    const run = new SpooledRun(disk, folder, key);
    // Another version of the program may have written it.
    const order = await run.order().catch(() => undefined);
    if (order?.archive === archive && order.host === host) await run.remove();
  }
}
