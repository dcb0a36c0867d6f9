import { join } from 'node:path';
import type { Disk } from '../../system/disk.ts';
import { OutputError } from '../../errors.ts';
import { publishedRuns, readRunManifest, type StoredManifest } from '../manifest/run-manifests.ts';
import { archivePaths } from '../paths.ts';
import { pendingFaults } from './pending-faults.ts';

/**
 * Looks, before anything is moved or removed, whether what is to be published is a link that this archive has committed: who
 * can write to the folder, and has no key, could have the owner's next run put files in their place and sign behind them.
 *
 * @throws OutputError for one that does not follow the newest link, or is not signed where that is
 */
export async function expectPending(disk: Disk, archive: string, pending: StoredManifest): Promise<void> {
  const newestRun = (await publishedRuns(disk, archive)).filter((run) => run !== pending.manifest.run).at(-1);
  const newest = newestRun === undefined ? undefined : await readRunManifest(disk, archive, newestRun);
  const key = newest?.manifest.signer?.publicKey;
  const { faults } = await pendingFaults(disk, archive, pending, newest, key);
  const [fault] = faults;
  if (fault === undefined) return;
  throw new OutputError(
    `Cannot publish what "${join(archive, archivePaths.pendingManifest)}" names: "${fault.path}": found ${fault.actual}, expected ${fault.expected}`,
    {
      hint: `Nothing was changed. Run \`verify\`, find out who wrote it, and move "${join(archive, archivePaths.work)}" elsewhere`,
    },
  );
}
