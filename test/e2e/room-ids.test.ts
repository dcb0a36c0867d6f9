import { describe, expect, it } from '@jest/globals';
import { withArchive } from './changing-archive.ts';

const ids = ['constructor', 'toString', 'valueOf'];

describe('rooms whose ids are names that every object has', () => {
  it('are read, and read on, as any other', async () => {
    await withArchive(
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
});
