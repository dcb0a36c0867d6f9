import { expect, it } from '@jest/globals';
import { resetState } from '../../src/archive/stored-state/state-links.ts';
import { createPrng } from '../../src/demo/sample/prng.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import type { TableName } from '../../src/model/table-name.ts';
import { runJob } from '../../src/pipeline.ts';
import { purgeArchive } from '../../src/purge/purge-archive.ts';
import { rebuildArchive } from '../../src/rebuild/rebuild-archive.ts';
import { latest } from '../../src/snapshot/latest.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { leapingClock } from '../support/clocks/leaping-clock.ts';
import { withArchive } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { fullJob, newProcess } from '../support/runs/new-process.ts';
import { LivingWorkspace } from '../support/workspaces/living-workspace.ts';
import { firstOfEveryOther } from '../support/every-other.ts';

const longIt = quickOrLong(it.skip, it);
const firstSeed = firstOfEveryOther();

const tables: readonly TableName[] = ['messages', 'mentioned_messages', 'mentions', 'reactions', 'rooms', 'users'];

/** Some message that the archive has. */
async function someId(archive: string, at: number): Promise<string> {
  const ids: string[] = [];
  for await (const batch of (await latest(archive)).rows) {
    ids.push(...batch.flatMap(({ message_id: id }) => (typeof id === 'string' ? [id] : [])));
  }
  return ids[at % ids.length] ?? '';
}

// Two of each four, so that servers with and without lists of changes are among them.
const seeds = Array.from({ length: 12 }, (_, at) => at + 1).filter((seed) => (seed >> 1) % 2 === firstSeed);

longIt.each(seeds)(
  'an archive that lives with its workspace, is reset, compacted and purged, is rebuilt (seed %i)',
  async (seed) => {
    const living = new LivingWorkspace(seed, 5);
    const prng = createPrng(seed);
    // With and without lists of changes, which are looked back for then.
    const version = seed % 2 === 0 ? '6.13' : '8.0.0';
    const served = await serveWorkspace(living.workspace, { version, now: () => living.nowMs });
    try {
      await withArchive(async (archive) => {
        for (let day = 0; day < 8; day += 1) {
          const made = day < 3 ? tables.slice(0, 4) : tables;
          const job = fullJob(served.url, archive, {
            ...{ raw: 'keep', transform: { tables: made }, partition: 'room' },
            sinks: [{ format: 'jsonl' }, ...(day < 2 ? [] : [{ format: 'csv' } as const])],
            ...(day < 3 ? {} : { attachments: { avatars: true } }),
          });
          await runJob(job, newProcess({ clock: leapingClock(living.nowMs) }));
          living.liveADay();
          const chance = prng.integer(0, 5);
          const now = new Date(living.nowMs).toISOString();
          if (chance === 0) await resetState(nodeDisk, archive, now, () => 'all');
          if (chance === 1) await compactHere(archive);
          if (chance === 5) await compactHere(archive, { keeps: 'latest' });
          if (chance === 2) {
            const ids = [await someId(archive, prng.integer(0, 1_000))];
            await purgeArchive(archive, { kind: 'messages', ids }, { ...newProcess(), reason: 'test', by: 'test' });
          }
        }
        const { differences, equal } = await rebuildArchive(archive, `${archive}-rebuilt`);
        expect(differences).toEqual([]);
        expect(equal).toBeGreaterThan(0);
      });
    } finally {
      await served.close();
    }
  },
);
