import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../src/archive/manifest/manifest.ts';
import { backUp, restore } from '../support/workspaces/backup.ts';
import { timeOf, withChangingArchive, type ChangingArchive } from '../support/runs/changing-archive.ts';

const hour = 3_600;
const day = 86_400;
const differs = /the list holds (\d+) messages, where what was read of it and reported makes (\d+)/;

const idAndOp = async (archive: ChangingArchive, manifest: Manifest) =>
  (await archive.rows(manifest)).map(({ message_id, op }) => `${String(op)} ${String(message_id)}`).toSorted();

const miscount = ({ notes }: Manifest): readonly (number | undefined)[] | undefined =>
  differs
    .exec(notes.join('\n'))
    ?.slice(1)
    .map((number) => Number(number));

const requestsTo = ({ requests }: Manifest, endpoint: string): number => requests[endpoint]?.requests ?? 0;

/** Deleted where the workspace keeps the history of messages: hidden, and reported by nobody. */
function hide(archive: ChangingArchive, id: string, at: number): void {
  archive.edit(id, at, { _hidden: true });
}

describe.each(['7.1', '8.8'])('the total of a list, from server %s,', (version) => {
  it('shows that the server was restored though every room has changed again since', async () => {
    await withChangingArchive(version, {}, async (archive) => {
      const backup = backUp(archive.workspace);
      archive.post('ops-lost', day);
      archive.post('ops-lost-too', day + 1);
      archive.edit('ops-3', day + 2, { msg: 'undone' });
      await archive.run(day + hour);
      restore(archive.workspace, backup);
      const room = archive.workspace.rooms[0];
      if (room === undefined) throw new Error('The room is gone');
      archive.postTo(room, 'ops-again', 2 * day);

      const first = await archive.run(2 * day + hour);
      expect(await idAndOp(archive, first)).toEqual(['upsert ops-again']);
      expect(miscount(first)).toEqual([31, 33]);

      const second = await archive.run(3 * day);
      expect(await idAndOp(archive, second)).toEqual(['delete ops-lost', 'delete ops-lost-too', 'upsert ops-3']);
      expect(second.notes.join('\n')).toMatch(/did not fit.*One room was read again from the beginning and compared/);
      expect(second.gaps).toEqual([]);

      const third = await archive.run(4 * day);
      expect([third.files, miscount(third), requestsTo(third, 'groups.messages')]).toEqual([[], undefined, 0]);
    });
  });

  it('fits while messages are posted, edited, imported and deleted', async () => {
    await withChangingArchive(version, {}, async (archive) => {
      const notes: unknown[] = [];
      for (let night = 1; night < 6; night += 1) {
        archive.post(`ops-new-${night}`, night * day);
        archive.post(`ops-newer-${night}`, night * day + 60);
        archive.edit(`ops-${night}`, night * day + 70, { msg: 'edited', editedAt: timeOf(night * day + 70) });
        archive.post(`ops-old-${night}`, -night * day, { _updatedAt: timeOf(night * day + 80) });
        archive.remove(`ops-${night + 10}`, night * day + 90);
        if (night > 1) archive.remove(`ops-new-${night - 1}`, night * day + 100);
        archive.post(`ops-gone-${night}`, night * day + 110);
        archive.remove(`ops-gone-${night}`, night * day + 120);
        const manifest = await archive.run(night * day + (night % 2 === 0 ? 130 : 10 * hour));
        notes.push(miscount(manifest));
      }
      expect(notes).toEqual([undefined, undefined, undefined, undefined, undefined]);
      expect((await archive.run(6 * day)).files).toEqual([]);
    });
  });
});

describe('a deletion that nobody reports, for the workspace keeps the history of messages,', () => {
  it('is noted by the next walk and found by a comparison, which comes once a lookback at most', async () => {
    await withChangingArchive('8.8', { lookbackMs: 10 * day * 1_000 }, async (archive) => {
      hide(archive, 'ops-3', day);
      archive.post('ops-new', day + 1);
      expect(miscount(await archive.run(day + hour))).toEqual([30, 31]);
      const second = await archive.run(2 * day);
      expect(await idAndOp(archive, second)).toEqual(['delete ops-3']);

      hide(archive, 'ops-4', 3 * day);
      archive.post('ops-newer', 3 * day + 1);
      const third = await archive.run(3 * day + hour);
      expect(miscount(third)).toEqual([30, 31]);
      expect(third.notes.join('\n')).toMatch(/was compared with the archive on \d{4}-\d\d-\d\d, and is again from/);
      for (let night = 4; night < 12; night += 1) {
        const manifest = await archive.run(night * day);
        expect([manifest.files, requestsTo(manifest, 'groups.messages')]).toEqual([[], 0]);
      }
      expect(await idAndOp(archive, await archive.run(13 * day))).toEqual(['delete ops-4']);
      expect((await archive.run(14 * day)).files).toEqual([]);
    });
  });
});

describe('the list of a server that shows earlier versions of messages', () => {
  it('may grow by them', async () => {
    await withChangingArchive('7.1', {}, async (archive) => {
      for (let night = 1; night < 4; night += 1) {
        const at = night * day;
        for (const id of ['a', 'b']) {
          const clone = { _hidden: true, parent: 'ops-3', _updatedAt: timeOf(at) };
          archive.post(`clone-${night}-${id}`, 3, clone);
        }
        archive.edit('ops-3', at + 1, { msg: `edited ${night}`, editedAt: timeOf(at + 1) });
        archive.post(`ops-new-${night}`, at + 2);
        await archive.run(at + hour);
      }
      const last = await archive.run(5 * day);
      expect([miscount(last), requestsTo(last, 'groups.messages')]).toEqual([undefined, 0]);
    });
  });
});
