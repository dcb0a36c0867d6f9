import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { OutputError, StoppedError } from '../../../src/errors.ts';
import type { Job } from '../../../src/job/job.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { idsInArchive } from '../../support/archives/ids-in-archive.ts';
import { CrashLab } from '../../support/runs/crash-lab.ts';
import { withChangingArchive } from '../../support/runs/changing-archive.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { messageOf, post } from '../../support/workspaces/three-rooms.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

describe('a second run that was cut and gone on with', () => {
  longIt('leaves the third one to find what became visible late, and nothing twice', async () => {
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

describe('a run that was cut behind its commit', () => {
  it('has its views, too, when the next one publishes it and then fails', async () => {
    await withChangingArchive('8.0.0', {}, async (archive) => {
      const job: Job = { ...archive.job(), transform: { tables: ['messages', 'links'] } };
      const rename = (from: string, to: string): Promise<void> =>
        to.endsWith('run-000002.json') ? Promise.reject(new OutputError('cut')) : nodeDisk.rename(from, to);
      await expect(runJob(job, newProcess({ disk: { ...nodeDisk, rename } }))).rejects.toThrow('cut');
      const views = (): Promise<string> => readFile(join(job.output, '_view/schema/views.sql'), 'utf8');
      expect(await views()).not.toContain('latest_links');
      const signal = AbortSignal.abort(new StoppedError('stopped at once'));
      await expect(runJob(job, newProcess({ signal }))).rejects.toThrow('stopped at once');
      expect(await views()).toContain('latest_links');
    });
  });
});
