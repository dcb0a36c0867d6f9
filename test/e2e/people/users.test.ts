import { describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { inflict } from '../../support/network/faults.ts';
import { person, withPeople, type PeopleSetting } from '../../support/workspaces/people-workspace.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const self = sampleLogin.userId;

async function usersOf({ rowsOf }: PeopleSetting, manifest: Manifest): Promise<readonly (readonly unknown[])[]> {
  const rows = await rowsOf(manifest, 'users');
  return rows.map(({ user_id, username, roles, active, source, op }) => [user_id, username, roles, active, source, op]);
}

const usersNotes = ({ notes }: Manifest): readonly string[] => notes.filter((note) => note.startsWith('Users '));

describe('the table of users', () => {
  it('has everybody whom the server lists, bots known as such, clocks as far as lists of members show them', async () => {
    await withPeople(async (setting) => {
      setting.workspace.setUser(person('gone', { active: false }));
      const rows = await setting.rowsOf(await setting.run(), 'users');
      const common = { source: 'list', op: 'upsert', run: 1 };
      const user = { ...common, roles: ['user'], type: 'user', is_bot: false, active: true };
      expect(rows).toEqual([
        { ...user, user_id: 'ana', username: 'ana', name: 'The ana', utc_offset_minutes: 0 },
        { ...user, user_id: 'bob', username: 'bob', name: 'The bob', utc_offset_minutes: 0 },
        {
          ...common,
          ...{ user_id: 'bot', username: 'bot', name: 'The bot', roles: ['bot'], type: 'bot' },
          ...{ is_bot: true, active: true, utc_offset_minutes: 0 },
        },
        { ...user, user_id: 'gone', username: 'gone', name: 'The gone', active: false, utc_offset_minutes: 0 },
        { ...user, user_id: self, username: sampleLogin.user, name: 'Ines Marlow', utc_offset_minutes: 60 },
      ]);
    });
  });

  it('gets a row for who is renamed, given a role, deactivated or new, and one for an account that is gone', async () => {
    await withPeople(async (setting) => {
      const { workspace, run, latest } = setting;
      await run();
      expect(await usersOf(setting, await run())).toEqual([]);
      workspace.setUser(person('ana', { username: 'ana.new', roles: ['user', 'admin'] }));
      workspace.setUser(person('bot', { roles: ['bot'], type: 'bot', active: false }));
      workspace.setUser(person('eve'));
      workspace.removeUser('bob');
      expect(await usersOf(setting, await run())).toEqual([
        ['ana', 'ana.new', ['user', 'admin'], true, 'list', 'upsert'],
        ['bot', 'bot', ['bot'], false, 'list', 'upsert'],
        ['eve', 'eve', ['user'], true, 'list', 'upsert'],
        ['bob', null, null, null, null, 'delete'],
      ]);
      // What nobody lists any more is still known.
      expect((await latest('users')).find(({ user_id }) => user_id === 'ana')).toMatchObject({ utc_offset_minutes: 0 });
      // A message of theirs that is found later does not bring them back.
      setting.post('ops', 'bob');
      expect(await usersOf(setting, await run())).toEqual([]);
      expect((await latest('users')).map(({ user_id }) => user_id)).toEqual([self, 'ana', 'bot', 'eve']);
    });
  });

  longIt('has those met in messages and among members where users.list is refused, and finds nobody gone', async () => {
    await withPeople(async (setting) => {
      const { served, workspace, post, run } = setting;
      served.rules.deniedPermissions = ['view-d-room'];
      post('ops', 'somebody-of-yore');
      post('ops', 'ana');
      const manifest = await run();
      expect(await usersOf(setting, manifest)).toEqual([
        ['ana', 'ana', null, null, 'members', 'upsert'],
        ['bob', 'bob', null, null, 'members', 'upsert'],
        ['bot', 'bot', null, null, 'members', 'upsert'],
        ['somebody-of-yore', 'somebody-of-yore', null, null, 'message', 'upsert'],
        [self, sampleLogin.user, null, null, 'members', 'upsert'],
      ]);
      expect(usersNotes(manifest)).toEqual([
        expect.stringMatching(/^Users could not be listed \(not-allowed\): .*403/),
      ]);
      expect(manifest.gaps).toEqual([]);
      // Who may not list users may look them up.
      expect((await setting.rowsOf(await run(), 'users')).map((row) => [row['user_id'], row['active']])).toEqual(
        ['bob', 'bot'].map((id) => [id, true]),
      );
      // With the permission the list has the last word; without it again, what it said stays.
      served.rules.deniedPermissions = [];
      expect(await usersOf(setting, await run())).toContainEqual(['ana', 'ana', ['user'], true, 'list', 'upsert']);
      served.rules.deniedPermissions = ['view-d-room'];
      workspace.removeUser('bob');
      post('general', 'ana');
      expect(await usersOf(setting, await run())).toEqual([]);
    });
  });

  longIt(
    'has the new name of who is renamed where users.list is refused, a run later, and asks for nobody again otherwise',
    async () => {
      await withPeople(
        async (setting) => {
          const { workspace, post, run, latest, asked, rowsOf } = setting;
          const nameOf = async (id: string): Promise<unknown> =>
            (await latest('users')).find(({ user_id }) => user_id === id)?.['username'];
          workspace.setUser(person('cleo'));
          post('ops', 'cleo');
          await run();
          // Who only sends messages, and who is in a list of members.
          expect((await rowsOf(await run(), 'users')).map(({ user_id, source }) => [user_id, source])).toEqual(
            ['bob', 'bot', 'cleo'].map((id) => [id, 'list']),
          );
          post('ops', 'cleo');
          asked();
          await run();
          expect(asked()).not.toHaveProperty(['users.info']);
          for (const id of ['cleo', 'bob'])
            workspace.setUser(person(id, { username: `${id}.new`, roles: ['user', 'x'] }));
          post('ops', 'cleo');
          post('general', 'ana');
          await run();
          await run();
          expect(asked()).toMatchObject({ 'users.info': 2 });
          expect([await nameOf('cleo'), await nameOf('bob')]).toEqual(['cleo.new', 'bob.new']);
          post('ops', 'cleo');
          expect(await rowsOf(await run(), 'users')).toEqual([]);
          expect(asked()).not.toHaveProperty(['users.info']);
        },
        { deniedPermissions: ['view-d-room'] },
      );
    },
  );

  it('has the new name of who is renamed when users.list is refused only later', async () => {
    await withPeople(async (setting) => {
      const { served, workspace, post, run, latest } = setting;
      workspace.setUser(person('cleo'));
      await run();
      served.rules.deniedPermissions = ['view-d-room'];
      workspace.setUser(person('cleo', { username: 'cleo.new' }));
      post('ops', 'cleo');
      await run();
      await run();
      expect((await latest('users')).find(({ user_id }) => user_id === 'cleo')).toMatchObject({ username: 'cleo.new' });
    });
  });

  longIt('looks up once who is in no direct room, a few in each run, for the offset of their clocks', async () => {
    await withPeople(async (setting) => {
      const { workspace, run, asked } = setting;
      workspace.setUser(person('bob', { utcOffset: 5.75 }));
      for (let at = 100; at < 170; at++) workspace.setUser(person(`p${at}`, { utcOffset: -3.5 }));
      const first = await setting.rowsOf(await run(), 'users');
      expect(asked()).toMatchObject({ 'users.info': 50 });
      expect(first).toHaveLength(74);
      expect(first[1]).toMatchObject({ user_id: 'bob', roles: ['user'], utc_offset_minutes: 345, source: 'list' });
      const second = await setting.rowsOf(await run(), 'users');
      expect(asked()).toMatchObject({ 'users.info': second.length });
      expect(await setting.rowsOf(await run(), 'users')).toEqual([]);
      expect(asked()).not.toHaveProperty(['users.info']);
      expect((await setting.latest('users')).filter((row) => row['utc_offset_minutes'] === null)).toEqual([]);
    });
  });

  it('goes on without who cannot be looked up', async () => {
    await withPeople(async (setting) => {
      const { served, workspace, run, asked, rowsOf } = setting;
      workspace.setUser(person('eve', { utcOffset: 2 }));
      const body = JSON.stringify({ success: false, error: 'unauthorized' });
      served.rules.intercept = inflict(({ endpoint, params }) =>
        endpoint === 'users.info' && params['userId'] === 'bob'
          ? { kind: 'answer', status: 403, contentType: 'application/json', body }
          : null,
      );
      const rows = await rowsOf(await run(), 'users');
      expect(rows.map(({ user_id, utc_offset_minutes }) => [user_id, utc_offset_minutes])).toEqual([
        ...[
          ['ana', 0],
          ['bob', null],
          ['bot', 0],
          ['eve', 120],
          [self, 60],
        ],
      ]);
      served.rules.intercept = null;
      asked();
      expect(await usersOf(setting, await run())).toEqual([]);
      expect(asked()).not.toHaveProperty(['users.info']);
    });
  });

  it('asks for view-outside-room, too, where the workspace is set so', async () => {
    await withPeople(
      async ({ run }) => {
        expect(usersNotes(await run())).toHaveLength(1);
      },
      { usersListNeedsViewOutsideRoom: true, deniedPermissions: ['view-outside-room'] },
    );
  });

  it('takes no name from a message older than the one it has the name from', async () => {
    await withPeople(
      async (setting) => {
        const { workspace, run, post, room } = setting;
        workspace.setUser(person('yore', { username: 'young' }));
        post('ops', 'yore');
        workspace.setUser(person('yore', { username: 'old' }));
        post('general', 'yore');
        workspace.removeUser('yore');
        const only = (rooms: readonly string[]) => ({
          ...{ extract: [{ rooms }], transform: { tables: ['messages', 'users'] as const } },
        });
        expect(await usersOf(setting, await run(only(['general'])))).toContainEqual([
          'yore',
          'old',
          null,
          null,
          'message',
          'upsert',
        ]);
        expect(room('ops').messages).toHaveLength(1);
        expect(await usersOf(setting, await run(only(['general', 'ops'])))).toEqual([]);
      },
      { deniedPermissions: ['view-d-room'] },
    );
  });

  longIt('is read from its pages again when users come and go between two of them', async () => {
    await withPeople(async (setting) => {
      const { served, workspace, run } = setting;
      for (let at = 100; at < 350; at++) workspace.setUser(person(`p${at}`));
      let moves = 0;
      served.rules.intercept = ({ endpoint, params }) => {
        if (endpoint === 'users.list' && params['offset'] === '99' && moves < 1) {
          moves += 1;
          workspace.removeUser('p101');
        }
        return false;
      };
      const manifest = await run();
      expect(manifest.tables['users']).toBe(254);
      expect(usersNotes(manifest)).toEqual([]);
      const deleted = async (next: Manifest): Promise<readonly unknown[]> =>
        (await usersOf(setting, next)).flatMap(([id, , , , , op]) => (op === 'delete' ? [id] : []));
      expect(await deleted(await run())).toEqual(['p101']);
      // A list that never stands still is no reason to take anybody for gone.
      served.rules.intercept = ({ endpoint, params }) => {
        if (endpoint === 'users.list' && params['offset'] === '99') workspace.removeUser(`p${(moves += 1) + 110}`);
        return false;
      };
      const moving = await run();
      expect(await deleted(moving)).toEqual([]);
      expect(usersNotes(moving)).toEqual([expect.stringContaining('came and went')]);
      served.rules.intercept = null;
      expect(await deleted(await run())).toEqual(['p112', 'p113', 'p114']);
    });
  });
});
