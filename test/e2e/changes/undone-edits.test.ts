import { expect, it } from '@jest/globals';
import { backUp, restore } from '../../support/workspaces/backup.ts';
import { withChangingArchive } from '../../support/runs/changing-archive.ts';

const day = 86_400;

const setups = (['ops', 'hr'] as const).map((id) => ({ id, type: 'p' as const, name: id }));

it('an edit further up in a silent room, which the list never showed and a restored backup undid, is undone', () =>
  withChangingArchive(
    '8.8',
    {},
    async (archive) => {
      archive.post('ops-before', day);
      await archive.run(day + 10);
      const backup = backUp(archive.workspace);
      archive.edit('hr-3', 2 * day, { msg: 'undone' }, 'hr');
      archive.post('ops-lost', 2 * day);
      const edited = await archive.run(2 * day + 10, { everyRoom: true });
      expect((await archive.rows(edited)).map(({ message_id: id }) => id).toSorted()).toEqual(['hr-3', 'ops-lost']);

      restore(archive.workspace, backup);
      const restored = await archive.run(3 * day);
      const rows = (await archive.rows(restored)).map(({ op, message_id: id, msg }) => [op, id, msg].join(' '));
      expect(rows.toSorted()).toEqual(['delete ops-lost ', 'upsert hr-3 message 3']);
    },
    setups,
  ));
