import { afterAll, describe, expect, it } from '@jest/globals';
import { readStoredState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { currentTable, type CurrentTableName } from '../../../src/snapshot/current-table.ts';
import { createPrng } from '../../../src/demo/sample/prng.ts';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { leapingClock } from '../../support/clocks/leaping-clock.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { LivingWorkspace } from '../../support/workspaces/living-workspace.ts';
import { compactHere } from '../../support/archives/compact-here.ts';

const days = 6;

/** The current rows of a table, without the number of the run: compactions are counted, too. */
async function currentRows(archive: string, name: CurrentTableName): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const batch of (await currentTable(nodeDisk, archive, name)).rows) {
    texts.push(...batch.map((row) => JSON.stringify({ ...row, run: null })));
  }
  return texts.sort();
}

describe('an archive that is compacted while it lives with its workspace', () => {
  const living = new LivingWorkspace(7, 6);
  let served: ServedWorkspace;
  afterAll(() => served.close());

  it('has the same current rows as one that never was, whatever is cut', async () => {
    const prng = createPrng(7);
    served = await serveWorkspace(living.workspace, { version: '6.13', now: () => living.nowMs });
    await withArchive((archive) =>
      withArchive(async (twin) => {
        const run = async (folder: string): Promise<void> => {
          const job = fullJob(served.url, folder, {
            extract: [{ endpoint: 'groups.messages', rooms: ['*'] }],
            transform: { tables: ['messages', 'mentions', 'reactions', 'rooms'] },
            sinks: [{ format: 'jsonl' }, { format: 'csv' }],
            partition: 'room',
            concurrency: 1,
          });
          await runJob(job, newProcess({ clock: leapingClock(living.nowMs) }));
        };
        for (let day = 0; day <= days; day += 1) {
          if (day > 0) living.liveADay();
          await run(archive);
          await run(twin);
          if (day % 3 !== 2) continue;
          const keeps = prng.integer(0, 1) === 0 ? 'all' : 'latest';
          const broken = faultDisk(nodeDisk, 'dies-within', prng.integer(1, 300));
          await compactHere(archive, { keeps }, { disk: broken.disk }).catch(() => undefined);
          // Once it is left to the next run.
          if (day !== 5) await compactHere(archive, { keeps });
        }
        expect((await readStoredState(nodeDisk, archive)).run).toBeGreaterThan(
          (await readStoredState(nodeDisk, twin)).run,
        );
        for (const name of ['messages', 'mentions', 'reactions', 'rooms'] as const) {
          expect(await currentRows(archive, name)).toEqual(await currentRows(twin, name));
        }
        await compactHere(archive, { keeps: 'latest' });
        for (const name of ['messages', 'mentions', 'reactions', 'rooms'] as const) {
          const rows = await currentRows(twin, name);
          expect(await currentRows(archive, name)).toEqual(rows);
          expect((await verifyArchive(archive)).rows[name]).toBe(rows.length);
        }
        expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
        const { files } = await verifyArchive(twin);
        expect((await verifyArchive(archive)).files).toBeLessThan(files / 2);
      }),
    );
  });
});
