import { describe, expect, it } from '@jest/globals';
import { sampleUsers } from '../../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../../src/demo/sample/sample-login.ts';
import { createSampleWorkspace } from '../../../../src/demo/sample/sample-workspace.ts';
import { storeMessage } from '../../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom } from '../../../../src/demo/workspace/workspace-room.ts';
import { withDemoServer } from '../../../support/network/demo-client.ts';
import { createSmallWorkspace, plainMessage, smallRoomId } from '../../../support/workspaces/small-workspace.ts';

const sample = createSampleWorkspace();
const names = [
  'board-prep-2026',
  'design-review',
  'hiring-panel',
  // A discussion: its title is "Which blue is…".
  'kV3pGm8DsYc5XoJaQ',
  'lunch-club',
  'ops-oncall',
  // Only invited.
  'partner-north-wind',
  'postmortem-ledger-outage',
  'project-lantern',
  'release-train',
  'support-escalations',
];

function rows(list: unknown): readonly Record<string, unknown>[] {
  return list as Record<string, unknown>[];
}

describe('room lists', () => {
  it('hold the rooms the user has joined, and not those of others', async () => {
    await withDemoServer(sample, {}, async ({ get }) => {
      const subscriptions = rows((await get('subscriptions.get')).body['update']);
      const documents = rows((await get('rooms.get')).body['update']);
      expect(subscriptions.map(({ rid }) => rid)).toEqual(documents.map(({ _id }) => _id));
      expect(subscriptions.map(({ t }) => t).sort()).toEqual(['c', 'c', 'd', 'l', ...names.map(() => 'p')]);
      expect(subscriptions.flatMap(({ name, status }) => (status === undefined ? [] : [[name, status]]))).toEqual([
        ['memes', 'BANNED'],
        ['partner-north-wind', 'INVITED'],
      ]);
      expect(subscriptions.find(({ t }) => t === 'd')).toMatchObject({ name: 'leila.h', fname: 'Leila Haddan' });
      expect(documents.find(({ t }) => t === 'd')).toMatchObject({ usernames: ['ines.marlow', 'leila.h'] });
      expect(documents.filter(({ archived }) => archived === true).map(({ name }) => name)).toEqual([
        'project-lantern',
      ]);
      expect(documents.filter(({ prid }) => prid).map(({ name, fname }) => [name, fname])).toEqual([
        ['kV3pGm8DsYc5XoJaQ', 'Which blue is "our" blue?'],
        ['postmortem-ledger-outage', 'postmortem-ledger-outage'],
      ]);
      expect(documents.find(({ name }) => name === 'board-prep-2026')).toMatchObject({ msgs: 0 });
    });
  });

  it('are paged and sorted by name for groups', async () => {
    await withDemoServer(sample, { defaultCount: 5 }, async ({ get }) => {
      const { body } = await get('groups.list');
      expect(rows(body['groups']).map(({ name }) => name)).toEqual(names.slice(0, 5));
      expect(body).toMatchObject({ count: 5, offset: 0, total: names.length, success: true });
      const rest = await get('groups.list', { offset: 5, count: 3, sort: '{"name":-1}' });
      expect(rows(rest.body['groups']).map(({ name }) => name)).toEqual([...names].reverse().slice(5, 8));
    });
  });

  it('can be asked for what changed', async () => {
    await withDemoServer(createSmallWorkspace(3), {}, async ({ get, served }) => {
      expect(served.port).toBeGreaterThan(0);
      const ask = async (updatedSince: string) =>
        rows((await get('rooms.get', { updatedSince })).body['update']).map(({ _id }) => _id);
      expect(await ask('2024-01-01T00:00:01.999Z')).toEqual([smallRoomId]);
      expect(await ask('2024-01-01T00:00:02.000Z')).toEqual([]);
      expect((await get('rooms.get', { updatedSince: 'yesterday' })).body['errorType']).toBe(
        'error-updatedSince-param-invalid',
      );
    });
  });
});

describe('rooms.info', () => {
  it('tells the room, and the room it is a discussion of', async () => {
    await withDemoServer(sample, {}, async ({ get }) => {
      const { body } = await get('rooms.info', { roomName: 'postmortem-ledger-outage' });
      expect(body).toMatchObject({
        room: { t: 'p', topic: 'Blameless' },
        parent: { name: 'ops-oncall' },
        success: true,
      });
    });
  });

  it.each([
    [{}, 'invalid-params'],
    [{ roomId: '' }, 'error-roomid-param-not-provided'],
    [{ roomId: 'nowhere' }, 'error-room-not-found'],
    [{ roomName: 'salary-round' }, 'Not Allowed'],
  ])('refuses %j', async (query, errorType) => {
    await withDemoServer(sample, {}, async ({ get }) => {
      const { status, body } = await get('rooms.info', query);
      expect([status, body['errorType']]).toEqual([400, errorType]);
    });
  });
});

describe('history', () => {
  const ids = (...at: readonly number[]): string[] => at.map((one) => plainMessage(one)._id);
  const ts = (at: number): string => plainMessage(at).ts;

  it.each([
    ['newest first, 20 by default', {}, [...Array(20).keys()].map((at) => 29 - at)],
    ['as many as are asked for, whatever the cap', { count: 25 }, [...Array(25).keys()].map((at) => 29 - at)],
    ['what is older than latest', { latest: ts(3) }, [2, 1, 0]],
    ['with latest when inclusive', { latest: ts(3), inclusive: 'true' }, [3, 2, 1, 0]],
    ['nothing more for inclusive=false', { latest: ts(3), inclusive: 'false' }, [2, 1, 0]],
    ['between two times', { latest: ts(9), oldest: ts(6) }, [8, 7]],
    ['between two times, both included', { latest: ts(9), oldest: ts(6), inclusive: 'true' }, [9, 8, 7, 6]],
    ['from an offset', { count: 2, offset: 3, sort: '{"ts":1}' }, [26, 25]],
  ])('gives %s', async (_, query, expected) => {
    await withDemoServer(createSmallWorkspace(30), { cap: 5 }, async ({ get }) => {
      const answer = await get('groups.history', { roomId: smallRoomId, ...query });
      expect(answer.ids).toEqual(ids(...expected));
      expect(Object.keys(answer.body)).toEqual(['messages', 'success']);
    });
  });

  it('leaves out clones, and replies that are not shown in the room when asked to', async () => {
    const documents = [
      plainMessage(0, { tcount: 2 }),
      plainMessage(1, { tmid: 'x' }),
      plainMessage(2, { tmid: 'x', tshow: true }),
      plainMessage(3, { _hidden: true }),
    ];
    await withDemoServer(createSmallWorkspace(documents), { version: '7.0' }, async ({ get }) => {
      const query = { roomId: smallRoomId };
      expect((await get('groups.history', query)).ids).toEqual(ids(2, 1, 0));
      expect((await get('groups.history', { ...query, showThreadMessages: 'false' })).ids).toEqual(ids(2, 0));
    });
  });

  it('is capped for channels and direct rooms, and has no replies unless they are asked for', async () => {
    const rooms = (['c', 'd'] as const).map((type) => {
      const fields = (at: number): Readonly<Record<string, unknown>> => (at === 9 ? { tmid: 'x' } : {});
      const messages = Array.from({ length: 10 }, (_, at) =>
        storeMessage({ ...plainMessage(at, fields(at)), rid: type }),
      );
      const setup = { id: type, type, name: 'paul,leila', memberIds: [sampleLogin.userId], createdAtMs: 0 };
      return new WorkspaceRoom({ ...setup, archived: true, messages });
    });
    const tokens = { [sampleLogin.authToken]: sampleLogin.userId };
    await withDemoServer(new Workspace({ users: sampleUsers, rooms, tokens }), { cap: 3 }, async ({ get }) => {
      for (const [endpoint, roomId] of Object.entries({ 'channels.history': 'c', 'im.history': 'd' })) {
        expect((await get(endpoint, { roomId, count: 5 })).ids).toEqual(ids(8, 7, 6));
        expect((await get(endpoint, { roomId, count: 2, showThreadMessages: 'true' })).ids).toEqual(ids(9, 8));
      }
      expect((await get('channels.messages', { roomId: 'c', sort: '{"ts":1}' })).ids).toEqual(ids(0, 1, 2));
    });
  });

  it('reads channels and direct rooms at endpoints of their own', async () => {
    await withDemoServer(sample, {}, async ({ get }) => {
      const direct = sample.rooms.find(({ type }) => type === 'd');
      const [general, dm] = [direct?.id ?? '', 'GENERAL'];
      expect((await get('channels.history', { roomId: dm, count: 3 })).ids).toHaveLength(3);
      expect((await get('channels.messages', { roomId: dm, count: 3 })).ids).toHaveLength(3);
      expect((await get('im.history', { roomId: general, count: 3 })).ids).toHaveLength(3);
      expect((await get('im.messages', { username: 'leila.h', count: 3 })).ids).toHaveLength(3);
      expect((await get('im.messages', { roomId: 'GENERAL' })).body['error']).toBe('[invalid-channel]');
      expect((await get('channels.messages', { roomId: general })).body['errorType']).toBe('error-room-not-found');
    });
  });
});
