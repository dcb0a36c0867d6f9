import { describe, expect, it } from '@jest/globals';
import { backUp, restore } from '../../support/workspaces/backup.ts';
import { inflict } from '../../support/network/faults.ts';
import { withChangingArchive } from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const day = 86_400;

const setups = (['ops', 'hr'] as const).map((id) => ({ id, type: 'p' as const, name: id }));

describe('a comparison of a room with the archive that an ill server cuts short', () => {
  longIt.each(['restored', 'gone and back'])('is made up for by the next run that can read the room (%s)', (how) =>
    withChangingArchive(
      '8.8',
      { extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] },
      async (archive) => {
        archive.post('ops-before', 1_100);
        await archive.run(1_200);
        const backup = backUp(archive.workspace);
        // The room is as long as it was, so that nothing else gives away what is undone.
        archive.edit('ops-3', day, { msg: 'undone' });
        archive.remove('ops-5', day + 1);
        archive.post('ops-lost', day + 2);
        await archive.run(day + 3);
        if (how === 'gone and back') {
          archive.workspace.removeRoom('ops');
          await archive.run(2 * day);
        }
        restore(archive.workspace, backup);

        // The whole list of the room cannot be read; what is new in it can.
        archive.served.rules.intercept = inflict(({ endpoint, params }) =>
          endpoint === 'groups.messages' && params['roomId'] === 'ops' && params['offset'] === '0'
            ? { kind: 'answer', status: 404, contentType: 'application/json', body: '{"success":false,"error":"No"}' }
            : null,
        );
        const ill = await archive.run(3 * day);
        expect(ill.gaps).not.toEqual([]);
        archive.served.rules.intercept = null;
        const well = await archive.run(4 * day);
        expect(well.gaps).toEqual([]);
        const rows = (await archive.rows(well)).map(({ op, message_id: id }) => `${String(op)} ${String(id)}`);
        expect(rows.toSorted()).toEqual(['delete ops-lost', 'upsert ops-3', 'upsert ops-5']);
        expect(well.notes.join(' ')).toMatch(/One room was read again/);
        expect((await archive.run(5 * day)).files).toEqual([]);
        const last = await archive.run(6 * day);
        expect([last.files, last.gaps, last.requests['groups.messages']?.requests ?? 0]).toEqual([[], [], 0]);
      },
      setups,
    ),
  );
});

describe('a restored group that is archived, and can only be read via history,', () => {
  longIt('is noted, and compared with the archive when it is archived no more', () =>
    withChangingArchive(
      '8.8',
      { extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] },
      async (archive) => {
        const archived = (is: boolean): void => {
          for (const room of archive.workspace.rooms) if (room.id === 'ops') room.archived = is;
        };
        archived(true);
        archive.post('hr-before', day, {}, 'hr');
        archive.post('ops-before', day);
        await archive.run(day + 3);
        const backup = backUp(archive.workspace);
        archive.edit('ops-3', 2 * day, { msg: 'undone' });
        archive.post('hr-lost', 2 * day, {}, 'hr');
        await archive.run(2 * day + 3, { everyRoom: true });
        restore(archive.workspace, backup);
        const noticed = await archive.run(3 * day);
        expect(noticed.notes.join(' ')).toMatch(/Room "ops" \(restored\) was not compared with the archive/);
        const next = await archive.run(4 * day);
        expect([next.notes.join(' ').includes('not compared'), next.files]).toEqual([false, []]);

        archived(false);
        const rows = (await archive.rows(await archive.run(5 * day))).map(
          ({ op, message_id: id, text }) => `${String(op)} ${String(id)} ${String(text)}`,
        );
        expect(rows).toEqual(['upsert ops-3 message 3']);
        expect((await archive.run(6 * day)).files).toEqual([]);
      },
      setups,
    ),
  );
});
