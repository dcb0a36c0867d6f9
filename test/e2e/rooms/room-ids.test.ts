import { describe, expect, it } from '@jest/globals';
import { readStoredState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { timeOf, withChangingArchive } from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const ids = ['constructor', 'toString', 'valueOf', '__proto__'];

describe('rooms whose ids are names that every object has', () => {
  it('are read, and read on, as any other', async () => {
    await withChangingArchive(
      '8.8',
      {},
      async (archive) => {
        for (const id of ids) {
          archive.post(`${id}-new`, 1_100, {}, id);
          archive.remove(`${id}-3`, 1_101, id);
        }
        const second = await archive.run(1_200);
        expect(
          (await archive.rows(second)).map(({ op, message_id: id }) => `${String(op)} ${String(id)}`).toSorted(),
        ).toEqual(ids.flatMap((id) => [`delete ${id}-3`, `upsert ${id}-new`]).toSorted());
        expect(await archive.rows(await archive.run(1_300))).toEqual([]);
      },
      ids.map((id) => ({ id, type: 'p', name: `room ${id}` })),
    );
  });

  longIt('keep what one run leaves to the next', async () => {
    await withChangingArchive(
      '8.8',
      {},
      async (archive) => {
        for (const id of ids) {
          archive.remove(`${id}-3`, 1_101, id);
          archive.post(`${id}-3`, 1_102);
        }
        archive.post('later', 19_000);
        await archive.run(20_000);
        const { changes } = await readStoredState(nodeDisk, archive.job().output);
        const sinceMs = Object.entries(changes).flatMap(([id, room]) => (id === 'ops' ? [] : [[id, room.sinceMs]]));
        expect(sinceMs).toEqual(ids.toSorted().map((id) => [id, Date.parse(timeOf(1_101)) - 1]));
      },
      ['ops', ...ids].map((id) => ({ id, type: 'p', name: `room ${id}` })),
    );
  });
});
