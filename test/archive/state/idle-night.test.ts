import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { RunContents } from '../../../src/archive/publish/prepare.ts';
import { publish } from '../../../src/archive/publish/publish.ts';
import { rebuildState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { seenMark } from '../../../src/archive/state/seen-mark.ts';
import { emptyState, type ChangesState, type ListState, type State } from '../../../src/archive/state/state.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { walkFiles } from '../../../src/archive/walk-files.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { runJob } from '../../../src/pipeline.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { withArchive, inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { threeRooms } from '../../support/workspaces/three-rooms.ts';
import { runPlan, sampleRun } from '../../support/archives/sample-run.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const rooms = quickOrLong(500, 20_000);
const seen = seenMark('["2026-01-03T23:59:59.000Z"]');

/** As a run over many rooms leaves it. */
function stateOfManyRooms(run: number): State {
  const [list] = Object.values(sampleRun(1).contents.state.lists);
  const [feed] = Object.values(sampleRun(1).contents.state.changes);
  if (list === undefined || feed === undefined) throw new Error('The sample has a list and changes');
  const ids = Array.from({ length: rooms }, (_, at) => `room${String(at).padStart(13, '0')}`);
  return {
    ...{ version: 2, run, longestPage: 100 },
    lists: Object.fromEntries(
      ids.map((roomId): [string, ListState] => [
        `groups.messages ${roomId}`,
        { ...list, roomId, roomName: roomId, seen },
      ]),
    ),
    changes: Object.fromEntries(
      ids.map((roomId): [string, ChangesState] => [roomId, { ...feed, roomName: roomId, seen }]),
    ),
    rooms: Object.fromEntries(ids.map((roomId) => [roomId, seen])),
  };
}

async function sizesIn(archive: string): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for await (const { name, sizeBytes } of walkFiles(nodeDisk, archive)) sizes.set(name, sizeBytes);
  return sizes;
}

describe('a night on which nothing happens', () => {
  it(`writes less than 20 KB of new files over ${rooms} rooms, and leaves the state alone`, async () => {
    await inTemporaryFolder(async (archive) => {
      const idle = (run: number): RunContents => ({
        ...sampleRun(2).contents,
        ...{ lists: [], changes: [], unchanged: rooms },
        stateBefore: run === 1 ? emptyState : stateOfManyRooms(run - 1),
        state: stateOfManyRooms(run),
      });
      await runPlan(nodeDisk, archive, sampleRun(2));
      await publish(nodeDisk, archive, idle(1), { keepRaw: false });
      const before = await sizesIn(archive);
      const stateBefore = await stat(join(archive, '_state.json'));

      await runPlan(nodeDisk, archive, sampleRun(2));
      await publish(nodeDisk, archive, idle(2), { keepRaw: false });
      const added = [...(await sizesIn(archive))].filter(([name]) => !before.has(name));
      expect(added.map(([name]) => name)).toEqual(['_manifest/run-000002.json']);
      expect(added.reduce((sum, [, sizeBytes]) => sum + sizeBytes, 0)).toBeLessThan(20_000);
      const stateAfter = await stat(join(archive, '_state.json'));
      expect([stateAfter.ino, stateAfter.mtimeMs]).toEqual([stateBefore.ino, stateBefore.mtimeMs]);
      // 22 MB in format version 1.
      expect(stateAfter.size / rooms).toBeLessThan(600);

      expect((await verifyArchive(archive)).differences).toEqual([]);
      // It says itself that it is what the manifest vouches for.
      expect(Object.keys((await rebuildState(nodeDisk, archive)).lists)).toHaveLength(rooms);
    });
  });

  it('changes no entry of the state', async () => {
    const served = await serveWorkspace(threeRooms([30, 20, 10]), { version: '8.8' });
    await withArchive(async (archive) => {
      const job = fullJob(served.url, archive);
      await runJob(job, newProcess());
      await runJob(job, newProcess());
      const { ino } = await stat(join(archive, '_state.json'));
      const { state, lists, changes, unchanged } = await runJob(job, newProcess());
      expect({ lists, changes, unchanged }).toEqual({ lists: [], changes: [], unchanged: 6 });
      expect(state).toMatchObject({ base: 'previous', lists: {}, changes: {}, reset: [] });
      expect((await stat(join(archive, '_state.json'))).ino).toBe(ino);
    }).finally(() => served.close());
  });
});
