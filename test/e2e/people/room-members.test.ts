import { describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { person, withPeople, type PeopleSetting } from '../../support/workspaces/people-workspace.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const self = sampleLogin.userId;

async function membersOf({ rowsOf }: PeopleSetting, manifest: Manifest): Promise<readonly (readonly unknown[])[]> {
  const rows = await rowsOf(manifest, 'room_members');
  return rows.map(({ room_id, user_id, roles, first_run, last_run, op }) => [
    ...[room_id, user_id, roles, first_run, last_run, op],
  ]);
}

const membersNotes = ({ notes }: Manifest): readonly string[] => notes.filter((note) => /members/i.test(note));

describe('the table of members', () => {
  longIt(
    'has a deactivated account as gone from its direct room with the next message there, and has it back when it is activated',
    async () => {
      await withPeople(async ({ workspace, post, run, latest }) => {
        const isThere = async (): Promise<boolean> => {
          post(`${sampleLogin.userId}ana`);
          await run();
          return (await latest('room_members')).some(
            ({ user_id: userId, room_id: roomId }) => userId === 'ana' && roomId === `${sampleLogin.userId}ana`,
          );
        };
        expect(await isThere()).toBe(true);
        workspace.setUser(person('ana', { active: false }));
        expect(await isThere()).toBe(false);
        workspace.setUser(person('ana'));
        expect(await isThere()).toBe(true);
      });
    },
  );

  it('has who is in each room, with their roles, from one request per room', async () => {
    await withPeople(async (setting) => {
      const manifest = await setting.run();
      expect(await membersOf(setting, manifest)).toEqual(
        [
          ['general', 'ana', []],
          ['general', 'bob', []],
          ['general', self, []],
          [`${self}ana`, 'ana', []],
          [`${self}ana`, self, []],
          ['ops', 'ana', ['owner']],
          ['ops', 'bot', []],
          ['ops', self, []],
        ]
          .map((row) => [...row, 1, 1, 'upsert'])
          .sort(byRoomOf(['ana', 'general', 'ops'])),
      );
      expect(setting.asked()).toMatchObject({ 'rooms.membersOrderedByRole': 2, 'im.members': 1 });
      expect(membersNotes(manifest)).toEqual([
        'The server has no list of the members of room "Marguerite": livechat and voip rooms are not in room_members.',
      ]);
      expect(manifest.gaps).toEqual([]);
    });
  });

  it('gets rows for who joins, leaves or is given a role, and asks nothing of rooms without change', async () => {
    await withPeople(async (setting) => {
      const { run, room, post, workspace, asked, latest } = setting;
      await run();
      asked();
      expect(await membersOf(setting, await run())).toEqual([]);
      expect(asked()).not.toHaveProperty(['rooms.membersOrderedByRole']);
      room('ops').memberIds.add('bob');
      room('ops').memberIds.delete('bot');
      room('ops').memberRoles.set(self, ['moderator']);
      post('ops');
      expect(await membersOf(setting, await run())).toEqual([
        ['ops', 'bob', [], 3, 3, 'upsert'],
        ['ops', 'bot', null, 1, 1, 'delete'],
        ['ops', self, ['moderator'], 1, 3, 'upsert'],
      ]);
      expect(asked()).toMatchObject({ 'rooms.membersOrderedByRole': 1 });
      // An account that is deleted leaves without a message.
      workspace.removeUser('bob');
      expect(await membersOf(setting, await run())).toEqual([
        ['general', 'bob', null, 1, 1, 'delete'],
        ['ops', 'bob', null, 3, 3, 'delete'],
      ]);
      // Who comes back begins anew.
      room('ops').memberIds.add('bot');
      post('ops');
      expect(await membersOf(setting, await run())).toEqual([['ops', 'bot', [], 5, 5, 'upsert']]);
      const now = await latest('room_members');
      expect(now.map(({ room_id, user_id }) => [room_id, user_id]).sort()).toEqual(
        [
          ...[`${self}ana`, 'general', 'ops'].flatMap((id) => ['ana', self].map((user) => [id, user])),
          ['ops', 'bot'],
        ].sort(),
      );
    });
  });

  it('says of a room that is gone that everybody has left it', async () => {
    await withPeople(async (setting) => {
      await setting.run();
      setting.workspace.removeRoom('general');
      expect(await membersOf(setting, await setting.run())).toEqual(
        ['ana', 'bob', self].map((id) => ['general', id, null, 1, 1, 'delete']),
      );
      expect(await membersOf(setting, await setting.run())).toEqual([]);
    });
  });

  it('is read from the lists without roles where the server is older, and a missing endpoint is looked for once', async () => {
    await withPeople(
      async (setting) => {
        const manifest = await setting.run({ extract: [{ rooms: ['ops', 'general'] }] });
        expect(await membersOf(setting, manifest)).toContainEqual(['ops', 'ana', null, 1, 1, 'upsert']);
        expect(setting.asked()).toMatchObject({
          ...{ 'rooms.membersOrderedByRole': 1, 'groups.members': 1, 'channels.members': 1 },
        });
        expect(membersNotes(manifest)).toEqual([]);
      },
      { version: '7.2' },
    );
  });

  longIt(
    'asks an older server once for the members of an archived group, and again when it is archived no more',
    async () => {
      await withPeople(
        async (setting) => {
          const { room, run, asked } = setting;
          room('ops').archived = true;
          expect(membersNotes(await run())[0]).toContain('Members of room "ops" could not be listed (room-archived)');
          asked();
          await run();
          expect(Object.keys(asked()).filter((endpoint) => /members/i.test(endpoint))).toEqual([]);
          room('ops').archived = false;
          expect((await membersOf(setting, await run())).map(([id]) => id)).toEqual(['ops', 'ops', 'ops']);
        },
        { version: '7.2' },
      );
    },
  );

  it('leaves out a room whose list is refused, with a note, and reads all others', async () => {
    await withPeople(
      async (setting) => {
        const manifest = await setting.run();
        const rooms = (await membersOf(setting, manifest)).map(([room]) => room);
        expect([...new Set(rooms)].sort()).toEqual([`${self}ana`, 'ops'].sort());
        expect(membersNotes(manifest)[0]).toMatch(
          /^Members of room "general" could not be listed \(not-allowed\): .*401/,
        );
        expect(manifest.gaps).toEqual([]);
        // It is asked for again: the permission may have been given.
        setting.room('general').memberRoles.set(self, ['moderator']);
        expect(await membersOf(setting, await setting.run())).toHaveLength(3);
      },
      {},
      [{}, { fields: { broadcast: true } }],
    );
  });

  it('is whole for more than one page, where the server gives no more than one', async () => {
    await withPeople(
      async (setting) => {
        const { workspace, room, run, asked } = setting;
        for (let at = 0; at < 250; at++) {
          workspace.setUser(person(`p${at}`));
          room('ops').memberIds.add(`p${at}`);
        }
        const manifest = await run({ extract: [{ rooms: ['ops'] }] });
        expect(await membersOf(setting, manifest)).toHaveLength(253);
        expect(asked()).toMatchObject({ 'rooms.membersOrderedByRole': 4, 'users.list': 3 });
        expect(membersNotes(manifest)).toEqual([]);
      },
      { allowInfiniteCount: false },
    );
  });

  it('has no column that the job drops, and neither has the table of users', async () => {
    await withPeople(async ({ run, rowsOf }) => {
      const columns = ['username', 'name', 'roles'];
      const tables = ['messages', 'users', 'room_members'] as const;
      const manifest = await run({ transform: { tables, steps: [{ kind: 'dropColumns', columns }] } });
      for (const table of ['users', 'room_members'] as const) {
        const rows = await rowsOf(manifest, table);
        expect(rows.length).toBeGreaterThan(0);
        for (const row of rows)
          expect(Object.keys(row)).not.toEqual(
            expect.arrayContaining([expect.stringMatching(/^(username|name|roles)$/)]),
          );
      }
    });
  });

  longIt('could not be read any more when a job had dropped user_id, not even after all was read again', async () => {
    await withPeople(async ({ run, latest, room, post }) => {
      const dropped = { kind: 'dropColumns', columns: ['user_id'] } as const;
      await run({ transform: { tables: ['messages', 'room_members'], steps: [dropped] } });
      room('ops').memberIds.add('bob');
      post('ops');
      await run({ transform: { tables: ['messages', 'room_members'] } });
      room('ops').memberRoles.set('bob', ['moderator']);
      post('ops');
      await run({ transform: { tables: ['messages', 'room_members'] } });
      await expect(latest('room_members')).rejects.toThrow('rows of it lack "user_id"');
      await run({ transform: { tables: ['messages', 'room_members'] }, backfill: true });
      const members = (await latest('room_members')).map(({ room_id, user_id }) => [room_id, user_id]);
      expect(members).toHaveLength(9);
      expect(members.filter(([roomId]) => roomId === 'ops').sort()).toEqual([
        ['ops', 'ana'],
        ['ops', 'bob'],
        ['ops', 'bot'],
        ['ops', self],
      ]);
    });
  });

  it('is made only by jobs that ask for it', async () => {
    await withPeople(async ({ run, asked }) => {
      const manifest = await run({ transform: { tables: ['messages', 'rooms'] } });
      expect(Object.keys(manifest.tables).sort()).toEqual(['messages', 'rooms']);
      expect(Object.keys(asked()).filter((endpoint) => /members|users\./.test(endpoint))).toEqual([]);
      expect(membersNotes(manifest)).toEqual([]);
    });
  });
});

/** Rooms come in the order of their names, and within one its members by their ids. */
function byRoomOf(names: readonly string[]): (a: readonly unknown[], b: readonly unknown[]) => number {
  const nameOf = (roomId: unknown): string => (roomId === `${self}ana` ? 'ana' : String(roomId));
  return (a, b) => names.indexOf(nameOf(a[0])) - names.indexOf(nameOf(b[0])) || (String(a[1]) < String(b[1]) ? -1 : 1);
}
