import { expect, it } from '@jest/globals';
import { withChangingArchive, type ChangingArchive } from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const daySeconds = 86_400;

/** Of a run that finds nothing new. */
const idleRequests = ['me', 'rooms.get', 'subscriptions.get'];

async function askedAt(archive: ChangingArchive, night: number): Promise<readonly string[]> {
  const from = archive.served.requests.length;
  const { gaps } = await archive.run(night * daySeconds);
  expect(gaps).toEqual([]);
  return archive.served.requests.slice(from).map(({ endpoint }) => endpoint);
}

it('a room that was emptied is asked what changed on the next night, and not on every night thereafter', () =>
  withChangingArchive('8.8', {}, async (archive) => {
    for (const { id } of [...archive.room().messages]) archive.remove(id, daySeconds);
    archive.room().updatedAtMs += daySeconds * 1_000;
    expect(await askedAt(archive, 1.5)).toContain('chat.syncMessages');
    await askedAt(archive, 2.5);
    for (const night of quickOrLong([3.5, 40], [3.5, 4.5, 40, 41]))
      expect([night, (await askedAt(archive, night)).toSorted()]).toEqual([night, idleRequests]);
  }));

it('a room in which nothing was ever said is read once', () =>
  withChangingArchive(
    '8.8',
    {},
    async (archive) => {
      await askedAt(archive, 1);
      for (const night of quickOrLong([2], [2, 3, 4]))
        expect([night, (await askedAt(archive, night)).toSorted()]).toEqual([night, idleRequests]);
    },
    [
      { id: 'ops', type: 'p', name: 'ops' },
      { id: 'new', type: 'p', name: 'new', messages: [] },
    ],
  ));
