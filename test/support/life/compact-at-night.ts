import type { Prng } from '../../../src/demo/sample/prng.ts';
import type { Clock } from '../../../src/system/clock.ts';
import type { Disk } from '../../../src/system/disk.ts';
import { compactHere } from '../archives/compact-here.ts';
import { faultDisk } from '../disk/fault-disk.ts';

/** What it changes is found by the next run's reading. One that is cut is left to that run, or to another compaction. */
export async function compactAtNight(
  archive: string,
  { disk, clock }: { readonly disk: Disk; readonly clock: Clock },
  prng: Prng,
): Promise<void> {
  const keeps = prng.pick(['all', 'latest'] as const);
  if (prng.chance(0.3)) {
    const dying = faultDisk(disk, 'dies-within', prng.integer(1, 200));
    await compactHere(archive, { keeps }, { disk: dying.disk, clock }).catch(() => undefined);
    if (prng.chance(0.5)) return;
  }
  await compactHere(archive, { keeps }, { disk, clock });
}
