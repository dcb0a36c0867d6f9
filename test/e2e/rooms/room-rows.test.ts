import { describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { currentTable } from '../../../src/snapshot/current-table.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';

const job = { transform: { tables: ['messages', 'rooms'] as const }, sinks: [{ format: 'jsonl' as const }] };
const twoRooms = [
  { id: 'ops', type: 'p', name: 'ops' },
  { id: 'dev', type: 'p', name: 'dev' },
] as const;

/** Runs, and gives what it wrote into the table. */
async function rowsOf(archive: ChangingArchive, at: number): Promise<readonly unknown[]> {
  const rows = await archive.rows(await archive.run(at), 'rooms');
  return rows.map(({ op, room_id, room_name, message_count }) => [op, room_id, room_name, message_count]);
}

describe('rows of the table rooms', () => {
  it('come when a run read only changes, and the count of messages is another', () =>
    withChangingArchive('8.8', job, async (archive) => {
      archive.remove('ops-3', 100);
      expect(await rowsOf(archive, 2_000)).toEqual([['upsert', 'ops', 'ops', 29]]);
    }));

  it('come when a room is renamed and nothing is said', () =>
    withChangingArchive('8.8', job, async (archive) => {
      archive.room().name = 'operations';
      expect(await rowsOf(archive, 2_000)).toEqual([['upsert', 'ops', 'operations', 30]]);
      expect(await rowsOf(archive, 3_000)).toEqual([]);
    }));

  it('say once that a room is gone, and that it is back', () =>
    withChangingArchive(
      '8.8',
      { ...job, extract: [{ endpoint: 'groups.messages', rooms: ['*'] }] },
      async (archive) => {
        const { memberIds } = archive.room('dev');
        memberIds.delete(sampleLogin.userId);
        expect(await rowsOf(archive, 2_000)).toEqual([['delete', 'dev', null, null]]);
        expect(await rowsOf(archive, 3_000)).toEqual([]);
        const current = await currentTable(nodeDisk, archive.job().output, 'rooms');
        const ids: unknown[] = [];
        for await (const batch of current.rows) ids.push(...batch.map(({ room_id }) => room_id));
        expect(ids).toEqual(['ops']);

        memberIds.add(sampleLogin.userId);
        expect(await rowsOf(archive, 4_000)).toEqual([['upsert', 'dev', 'dev', 30]]);
      },
      twoRooms,
    ));
});
