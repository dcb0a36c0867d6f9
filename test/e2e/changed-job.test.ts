import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { people } from '../../src/demo/sample/people.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import type { Job } from '../../src/job/job.ts';
import { runJob } from '../../src/pipeline.ts';
import { faultDisk } from '../support/disk/fault-disk.ts';
import { archiveContents } from '../support/archives/archive-contents.ts';
import { CrashLab } from '../support/runs/crash-lab.ts';
import { askedAgain, journaledStreams, type JournaledStream } from '../support/archives/journaled-pages.ts';
import { leapingClock } from '../support/clocks/leaping-clock.ts';
import { smallStartMs } from '../support/workspaces/small-workspace.ts';
import { mentionOfTheLogin, withChangingArchive } from '../support/runs/changing-archive.ts';
import { newProcess } from '../support/runs/new-process.ts';
import { withArchive } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

describe('a job that has changed since its run was cut', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    lab = await CrashLab.open([60, 14, 8], { transform: { tables: ['messages'] }, sinks: [{ format: 'jsonl' }] });
  });
  afterAll(() => lab.close());

  /** Cuts a run of the lab's job, then runs another job over it: it must leave what that leaves in a new archive. */
  async function runAfterCut(fields: Partial<Job>): Promise<{ journaled: readonly JournaledStream[]; again: number }> {
    return withArchive(async (archive) => {
      const { disk } = faultDisk(nodeDisk, 'dies-before', 45);
      await expect(runJob(lab.job(archive), newProcess({ disk }))).rejects.toThrow();
      const journaled = await journaledStreams(nodeDisk, archive);
      const from = lab.server.requests.length;
      await runJob({ ...lab.job(archive), ...fields }, newProcess());
      const again = askedAgain(journaled, lab.requestsSince(from)).length;
      const found = await archiveContents(nodeDisk, archive);
      await withArchive(async (fresh) => {
        await runJob({ ...lab.job(fresh), ...fields }, newProcess());
        expect(found).toEqual(await archiveContents(nodeDisk, fresh));
      });
      return { journaled, again };
    });
  }

  longIt('makes other formats and tables of the same pages', async () => {
    const { journaled, again } = await runAfterCut({
      sinks: [{ format: 'csv' }, { format: 'parquet' }],
      transform: { tables: ['messages', 'mentioned_messages', 'rooms'] },
    });
    expect(again).toBe(0);
    expect(journaled.filter(({ pages }) => pages > 0)).not.toEqual([]);
  });

  longIt('goes on with the same pages at another speed', async () => {
    expect(await runAfterCut({ concurrency: 1 })).toMatchObject({ again: 0 });
  });

  longIt('begins anew with other rooms', async () => {
    const { again } = await runAfterCut({ extract: [{ endpoint: 'groups.messages', rooms: ['*', '!gamma-room'] }] });
    expect(again).toBeGreaterThan(0);
  });

  longIt('begins anew as another user, who may see other messages', async () => {
    const other = people[1];
    if (other === undefined) throw new Error('The sample has more than one user');
    for (const room of lab.workspace.rooms) room.memberIds.add(other._id);
    const login = { kind: 'token', userId: other._id, authToken: lab.workspace.login(other._id) } as const;
    const { again } = await runAfterCut({ server: { url: lab.server.url, login } });
    expect(again).toBeGreaterThan(0);
  });

  longIt('goes on with a new token of the same user', async () => {
    const user = people[0];
    if (user === undefined) throw new Error('The sample has users');
    const login = { kind: 'token', userId: user._id, authToken: lab.workspace.login(user._id) } as const;
    expect(await runAfterCut({ server: { url: lab.server.url, login } })).toMatchObject({ again: 0 });
  });
});

describe('a run that was cut and is resumed by a job with one more table', () => {
  longIt('brings that table what changed while no run made it', async () => {
    const both = { tables: ['messages', 'mentions'] } as const;
    const messages = { tables: ['messages'] } as const;
    const sinks = [{ format: 'jsonl' }] as const;
    await withChangingArchive('8.8.0', { transform: both, sinks }, async (archive) => {
      const at = (seconds: number) => leapingClock(smallStartMs + seconds * 1_000);
      archive.edit('ops-3', 8_000, { mentions: mentionOfTheLogin });
      archive.post('sooner', 8_001);
      await runJob({ ...archive.job(), transform: messages }, newProcess({ clock: at(9_000) }));
      archive.post('later', 20_000);
      const { disk } = faultDisk(nodeDisk, 'dies-before', 30);
      const cut = newProcess({ disk, clock: at(21_000) });
      await expect(runJob({ ...archive.job(), transform: messages }, cut)).rejects.toThrow();
      const manifest = await archive.run(22_000);
      expect(manifest.run).toBe(3);
      expect((await archive.rows(manifest)).map((row) => row['message_id'])).toEqual(['later']);
      expect((await archive.rows(manifest, 'mentions')).map((row) => row['message_id'])).toEqual(['ops-3']);
    });
  });
});
