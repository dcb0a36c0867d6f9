import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { OutputError } from '../../../src/errors.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { post } from '../../support/workspaces/three-rooms.ts';
import { compactHere } from '../../support/archives/compact-here.ts';
import { expectHealed, type Cuts } from '../../support/archives/expect-healed.ts';
import { rowsInArchive } from '../../support/archives/rows-archive.ts';

// Hundreds of compactions: a busy machine may need longer than the default five seconds.

describe('a compaction that is cut', () => {
  // test/long tries every step in every way.
  it.each<Cuts>([
    { fault: 'dies-within', power: 'on', stride: 2 },
    { fault: 'dies-before', power: 'cut', stride: 5 },
    { fault: 'fails-within', power: 'on', stride: 5 },
  ])('at any step ($fault, power: $power) is finished by the next, with the same bytes', (cuts) => expectHealed(cuts));

  it('is finished, or cleared away, by a run, which goes on from where the run before stopped', async () => {
    const lab = await CrashLab.open([20, 9, 5], {
      transform: { tables: ['messages', 'rooms'] },
      sinks: [{ format: 'jsonl' }],
    });
    try {
      for (let step = 3; ; step += 11) {
        const reached = await lab.withArchive(async (folder) => {
          await runJob(lab.job(folder), newProcess());
          post(lab.workspace, 'alpha', 3);
          await runJob(lab.job(folder), newProcess());
          const rows = await rowsInArchive(folder);
          const broken = faultDisk(nodeDisk, step % 2 === 0 ? 'dies-before' : 'dies-within', step);
          await compactHere(folder, {}, { disk: broken.disk }).catch((error: unknown) => {
            expect(error).toBeInstanceOf(OutputError);
          });
          const { tables } = await runJob(lab.job(folder), newProcess());
          expect(tables).toEqual({ messages: 0, rooms: 0 });
          expect(await rowsInArchive(folder)).toEqual(rows);
          expect(await verifyArchive(folder)).toMatchObject({ differences: [], notes: [] });
          return broken.steps() >= step;
        });
        if (!reached) break;
      }
    } finally {
      await lab.close();
    }
  });
});
