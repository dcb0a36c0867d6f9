import { describe, expect, it } from '@jest/globals';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { idsInArchive } from '../../support/archives/ids-in-archive.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { messageOf, post } from '../../support/workspaces/three-rooms.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

describe('a second run that was cut and gone on with', () => {
  it('leaves the third one to find what became visible late, and nothing twice', async () => {
    // With 7 rows a page, the second run meets pages of nothing but messages that the first one took.
    for (const step of quickOrLong([16, 20], [14, 16, 18, 20])) {
      const lab = await CrashLab.open([120, 20, 12], {
        extract: [{ endpoint: 'groups.messages', rooms: ['alpha-room'] }],
        transform: { tables: ['messages'] },
        sinks: [{ format: 'jsonl' }],
      });
      await lab.runForThePast();
      post(lab.workspace, 'alpha', 20);
      await lab.withArchive(async (archive) => {
        const { disk } = faultDisk(nodeDisk, 'dies-within', step);
        await expect(runJob(lab.job(archive), newProcess({ disk }))).rejects.toThrow();
        await runJob(lab.job(archive), newProcess());
        const room = lab.workspace.room('alpha');
        for (const at of [85, 100, 118, 125, 139]) {
          room?.insert(storeMessage({ ...messageOf('alpha', at), _id: `late-${at}`, _hidden: false }));
        }
        await runJob(lab.job(archive), newProcess());
        const visible = room?.messages.filter(({ hidden }) => !hidden).map(({ id }) => id);
        expect(await idsInArchive(archive)).toEqual(visible?.sort());
      });
      await lab.close();
    }
  });
});
