import { describe, expect, it } from '@jest/globals';
import { resetState } from '../../../src/archive/stored-state/state-links.ts';
import { finishPublishing } from '../../../src/archive/publish/publish.ts';
import { readRunManifest } from '../../../src/archive/manifest/run-manifests.ts';
import { readStoredState, rebuildState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { resetRooms } from '../../../src/archive/state/state-change.ts';
import { serializeState, stateSchema } from '../../../src/archive/state/state-schema.ts';
import type { State } from '../../../src/archive/state/state.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { nodeDisk, type Disk } from '../../../src/system/disk.ts';
import { faultDisk, type Fault } from '../../support/disk/fault-disk.ts';
import { publishRuns, sampleRun } from '../../support/archives/sample-run.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const before = sampleRun(2).contents.state;
const after: State = { ...resetRooms(before, ['id-ops']), run: 3 };

const reset = (disk: Disk, archive: string): Promise<State> =>
  resetState(disk, archive, '2024-03-02T00:00:00.000Z', () => ['id-ops']);

describe('a reset of the state', () => {
  it('is a link of the chain, which verifies and is replayed', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 2);
      expect(await reset(nodeDisk, archive)).toEqual(after);
      expect(await readStoredState(nodeDisk, archive)).toEqual(after);
      expect(await rebuildState(nodeDisk, archive)).toEqual(after);
      expect(await verifyArchive(archive)).toMatchObject({ runs: 3, differences: [] });
      expect(stateSchema.safeParse(after).success).toBe(true);
    });
  });

  it('of every room, named one by one, is one of all: what rows of earlier runs lacked is read again', async () => {
    await inTemporaryFolder(async (archive) => {
      await publishRuns(nodeDisk, archive, 2);
      await resetState(nodeDisk, archive, '2024-03-02T00:00:00.000Z', ({ lists, changes }) => [
        ...Object.values(lists).map(({ roomId }) => roomId),
        ...Object.keys(changes),
      ]);
      const { manifest } = await readRunManifest(nodeDisk, archive, 3);
      expect(manifest.state.reset).toBe('all');
      await resetState(nodeDisk, archive, '2024-03-02T00:00:00.000Z', () => ['id-of-no-room']);
      expect((await readRunManifest(nodeDisk, archive, 4)).manifest.state.reset).toEqual(['id-of-no-room']);
    });
  });

  it.each<[Fault, number]>([
    ['fails', 1],
    ['dies-within', quickOrLong(2, 1)],
  ])('that %s at any step is not done at all, or done by whoever comes next', async (fault, firstStep) => {
    const seen = new Set<number>();
    for (let step = firstStep; step < 100; step += quickOrLong(8, 1)) {
      const isDone = await inTemporaryFolder(async (archive) => {
        await publishRuns(nodeDisk, archive, 2);
        const { disk } = faultDisk(nodeDisk, fault, step);
        const done = await reset(disk, archive).then(
          () => true,
          () => false,
        );
        const state = await readStoredState(nodeDisk, archive);
        seen.add(state.run);
        expect(serializeState(state)).toBe(serializeState(state.run === 2 ? before : after));
        expect((await verifyArchive(archive)).differences).toEqual([]);

        await finishPublishing(nodeDisk, archive);
        expect(await readStoredState(nodeDisk, archive)).toEqual(state);
        expect(await rebuildState(nodeDisk, archive)).toEqual(state);
        expect((await verifyArchive(archive)).differences).toEqual([]);
        return done;
      });
      if (isDone) break;
    }
    expect([...seen].sort()).toEqual([2, 3]);
  });
});
