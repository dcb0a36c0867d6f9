import { describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { archiveContents } from '../../support/archives/archive-contents.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { post } from '../../support/workspaces/three-rooms.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

describe('a run that misses a room', () => {
  longIt('names it once, wherever it was cut, and ends with the same bytes', async () => {
    const lab = await CrashLab.open([30, 20, 12], {
      extract: [{ endpoint: 'groups.messages', rooms: ['alpha-room', 'beta-room'] }],
      sinks: [{ format: 'jsonl' }],
    });
    try {
      await lab.runForThePast();
      lab.workspace.room('alpha')?.memberIds.delete(sampleLogin.userId);
      post(lab.workspace, 'beta', 20);
      let cuts = 0;
      for (let step = 8; step < 60; step += quickOrLong(20, 2)) {
        await lab.withArchive(async (archive) => {
          const { disk } = faultDisk(nodeDisk, 'dies-within', step);
          const wasCut = await runJob(lab.job(archive), newProcess({ disk })).then(
            () => false,
            () => true,
          );
          cuts += Number(wasCut);
          while ((await archiveContents(nodeDisk, archive)).manifests.length < 3) {
            await runJob(lab.job(archive), newProcess());
          }
          expect(await archiveContents(nodeDisk, archive)).toEqual(await lab.unbroken(3));
        });
      }
      expect(cuts).toBeGreaterThan(quickOrLong(1, 15));
      const { manifests } = await lab.unbroken(3);
      const gapsOf = (manifest: unknown): unknown => (manifest as { readonly gaps: unknown }).gaps;
      expect(manifests.map(gapsOf)).toEqual([[], [expect.objectContaining({ reason: 'room-gone' })], []]);
    } finally {
      await lab.close();
    }
  });
});
