import { describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { messagesAtStart, withChangingArchive } from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const { userId } = sampleLogin;
const ops = { id: 'ops', type: 'p', name: 'ops' } as const;

describe('a room that the login is only invited to, or has been banned from,', () => {
  const statuses = [
    ['INVITED', 'this login has been invited, and has not accepted'],
    ['BANNED', 'this login has been banned from it'],
  ] as const;
  it.each(statuses.slice(0, quickOrLong(1, 2)))(
    '(%s) is left out with a note, asked for nothing, and no gap',
    async (status, words) => {
      const party = { id: 'party', type: 'p', name: 'party', memberIds: [], withheld: { [userId]: status } } as const;
      const job = { extract: [{ endpoint: 'groups.messages', rooms: ['ops', 'party'] }] } as const;
      await withChangingArchive(
        '8.8',
        job,
        async (archive) => {
          archive.post('ops-new', 1_100);
          const manifest = await archive.run(1_200);
          expect(manifest.gaps).toEqual([]);
          expect(manifest.notes).toContain(`Room "party" was left out: ${words}.`);
          expect(archive.served.requests.filter(({ params }) => params['roomId'] === 'party')).toEqual([]);

          archive.room('party').withheld.clear();
          archive.room('party').memberIds.add(userId);
          const accepted = await archive.run(1_300);
          expect(await archive.rows(accepted)).toHaveLength(messagesAtStart);
          expect(accepted.notes.join(' ')).not.toContain('left out');

          // Banned after it was read: its rows stay, and the job does not fail for it.
          archive.room('party').memberIds.clear();
          archive.room('party').withheld.set(userId, 'BANNED');
          const banned = await archive.run(1_400);
          expect(banned).toMatchObject({ gaps: [], files: [] });
          expect(banned.notes.filter((note) => note.includes('party'))).toEqual([
            'Room "party" was left out: this login has been banned from it.',
          ]);

          // What changed further up meanwhile shows in no list, and what was deleted has left the trash after 30 days.
          archive.edit('party-3', 1_350, { msg: 'edited while banned' }, 'party');
          archive.room('party').withheld.clear();
          archive.room('party').memberIds.add(userId);
          const back = await archive.run(1_500);
          expect(await archive.rows(back)).toMatchObject([
            { op: 'upsert', message_id: 'party-3', text: 'edited while banned' },
          ]);
          expect(back.notes.join(' ')).toMatch(/was not let into, can be read again.*One room was read again/);
          expect((await archive.run(1_600)).notes.join(' ')).not.toContain('read again');
        },
        [ops, party],
      );
    },
  );
});
