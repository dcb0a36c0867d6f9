import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { readStoredState, rebuildState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { JobError } from '../../../src/errors.ts';
import { runJob } from '../../../src/pipeline.ts';
import { latest } from '../../../src/snapshot/latest.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { post, threeRooms } from '../../support/workspaces/three-rooms.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

async function idsIn(archive: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const batch of (await latest(archive)).rows)
    for (const row of batch) ids.push(JSON.stringify(row['message_id']));
  return ids;
}

longIt('shards of a workspace have every message of it once, run by run, and stay what they are', () =>
  withArchive(async (folder) => {
    const workspace = threeRooms([12, 9, 7]);
    const served = await serveWorkspace(workspace);
    const jobOf = (index: number) =>
      jobFor(served.url, join(folder, String(index)), { shard: { index, count: 2 }, raw: 'keep' });
    try {
      for (const messages of [28, 33]) {
        const manifests = [await runJob(jobOf(0), here), await runJob(jobOf(1), here)];
        const rooms = manifests.map(({ coverage }) => coverage?.rooms);
        expect(rooms.map((one) => (one?.read ?? 0) + (one?.otherShards ?? 0))).toEqual([3, 3]);
        expect(rooms.map((one) => one?.read ?? 0).reduce((sum, read) => sum + read, 0)).toBe(3);
        expect(manifests.map(({ request }) => request?.shard?.index)).toEqual([0, 1]);
        expect(
          manifests.flatMap(({ gaps, notes }) => [...gaps, ...notes.filter((note) => note.includes('finds no room'))]),
        ).toEqual([]);
        const ids = (await Promise.all([0, 1].map((index) => idsIn(jobOf(index).output)))).flat();
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length).toBeGreaterThan(messages - 4);
        post(workspace, 'beta', 5);
      }
      const { output } = jobOf(1);
      expect(await rebuildState(nodeDisk, output)).toEqual(await readStoredState(nodeDisk, output));
      await expect(runJob({ ...jobOf(1), shard: { index: 1, count: 3 } }, here)).rejects.toBeInstanceOf(JobError);
    } finally {
      await served.close();
    }
  }),
);
