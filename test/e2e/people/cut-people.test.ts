import { describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../../src/system/disk.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { newProcess } from '../../support/runs/new-process.ts';

const longIt = quickOrLong(it.skip, it);

const tables = ['messages', 'users', 'room_members'] as const;

describe('a run that was cut while it read users and members', () => {
  it('ends with the same bytes, and asks for no page that it has', async () => {
    // Two users a page.
    const lab = await CrashLab.open(
      [8, 4, 2],
      { transform: { tables }, sinks: [{ format: 'jsonl' }] },
      { cap: 2, allowInfiniteCount: false, defaultCount: 2 },
    );
    await lab.unbroken(1);
    const isOfPeople = (endpoint: string): boolean => /^(users\.list|.*[mM]embers.*)$/.test(endpoint);
    const whole = lab.server.requests.filter(({ endpoint }) => isOfPeople(endpoint)).length;
    expect(whole).toBeGreaterThan(8);
    let cutWithin = 0;
    for (let atStep = quickOrLong(32, 6); atStep < quickOrLong(33, 60); atStep += 3) {
      await lab.withArchive(async (archive) => {
        const from = lab.server.requests.length;
        const { disk } = faultDisk(nodeDisk, 'dies-within', atStep);
        await expect(runJob(lab.job(archive), newProcess({ disk }))).rejects.toThrow();
        const cutAt = lab.requestsSince(from).filter(({ endpoint }) => isOfPeople(endpoint)).length;
        if (cutAt > 2 && cutAt < whole) cutWithin += 1;
        await runJob(lab.job(archive), newProcess());
        await lab.expectUnbroken(nodeDisk, archive);
        // What was in flight, or not yet in the journal, of each of the two readings.
        const asked = lab.requestsSince(from).filter(({ endpoint }) => isOfPeople(endpoint)).length;
        expect(asked).toBeLessThanOrEqual(whole + 2);
      });
    }
    expect(cutWithin).toBeGreaterThan(quickOrLong(0, 3));
    await lab.close();
  });

  longIt('begins anew when its job makes tables of people that it was not planned for', async () => {
    const lab = await CrashLab.open([8, 4, 2], { transform: { tables }, sinks: [{ format: 'jsonl' }] });
    await lab.withArchive(async (archive) => {
      const { disk } = faultDisk(nodeDisk, 'dies-within', 16);
      const before = { ...lab.job(archive), transform: { tables: ['messages'] as const } };
      await expect(runJob(before, newProcess({ disk }))).rejects.toThrow();
      await runJob(lab.job(archive), newProcess());
      await lab.expectUnbroken(nodeDisk, archive);
    });
    await lab.close();
  });
});
