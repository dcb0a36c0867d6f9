import { describe, expect, it } from '@jest/globals';
import { sampleUsers } from '../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { WorkspaceRoom, type RoomSetup } from '../../../src/demo/workspace/workspace-room.ts';
import { withDemoServer } from '../../support/network/demo-client.ts';
import { plainMessage, smallStartMs } from '../../support/workspaces/small-workspace.ts';

const { userId } = sampleLogin;

function workspaceOf(...setups: readonly Partial<RoomSetup>[]): Workspace {
  const rooms = setups.map(
    (setup) =>
      new WorkspaceRoom({
        ...{ id: 'room', type: 'c', name: 'room', memberIds: [], createdAtMs: smallStartMs },
        messages: [storeMessage({ ...plainMessage(0), rid: setup.id ?? 'room' })],
        ...setup,
      }),
  );
  return new Workspace({ users: sampleUsers, rooms, tokens: { [sampleLogin.authToken]: userId } });
}

const query = { roomId: 'room' };
const forbidden = { success: false, error: 'unauthorized' };

// Source: server/services/authorization/canAccessRoom.ts and the route named.
describe('a public channel', () => {
  it('is read without being joined, and is in no list then', async () => {
    await withDemoServer(workspaceOf({}), {}, async ({ get }) => {
      expect((await get('channels.messages', query)).ids).toHaveLength(1);
      expect((await get('channels.history', query)).ids).toHaveLength(1);
      for (const list of ['rooms.get', 'subscriptions.get']) expect((await get(list)).body['update']).toEqual([]);
    });
  });

  // channels.ts: permissionsRequired
  it('is refused with 403 to a user without view-c-room, and channels.history only if it is not joined', async () => {
    for (const memberIds of [[], [userId]]) {
      const rules = { deniedPermissions: ['view-c-room'] };
      await withDemoServer(workspaceOf({ memberIds }), rules, async ({ get }) => {
        const { status, body } = await get('channels.messages', query);
        expect({ status, body }).toEqual({
          status: 403,
          body: {
            success: false,
            error: 'User does not have the permissions required for this action [error-unauthorized]',
          },
        });
        expect((await get('channels.history', query)).status).toBe(memberIds.length === 0 ? 403 : 200);
      });
    }
  });
});

describe('a room whose subscription is an invitation or a ban', () => {
  it.each([
    ['c', 'channels.messages', 403],
    ['p', 'groups.messages', 400],
    ['d', 'im.messages', 403],
  ] as const)('of type %s is in both lists, and %s refuses it', async (type, endpoint, status) => {
    for (const withheld of ['INVITED', 'BANNED'] as const) {
      await withDemoServer(workspaceOf({ type, withheld: { [userId]: withheld } }), {}, async ({ get }) => {
        expect((await get('subscriptions.get')).body['update']).toMatchObject([{ rid: 'room', status: withheld }]);
        expect((await get('rooms.get')).body['update']).toMatchObject([{ _id: 'room' }]);
        expect((await get(endpoint, query)).status).toBe(status);
        const sync = await get('chat.syncMessages', { ...query, lastUpdate: '2024-01-01T00:00:00Z' });
        expect(sync.body['errorType']).toBe('error-not-allowed');
      });
    }
  });
});

describe('a direct room of other people', () => {
  it.each([
    ['8.8', 'unauthorized'],
    ['9.0', 'forbidden'],
  ])('of %s is refused with 403 "%s"', async (version, error) => {
    await withDemoServer(workspaceOf({ type: 'd' }), { version }, async ({ get }) => {
      for (const endpoint of ['im.messages', 'im.history']) {
        const { status, body } = await get(endpoint, query);
        expect({ status, body }).toEqual({ status: 403, body: { ...forbidden, error } });
      }
      expect((await get('im.messages', { roomId: 'nowhere' })).body).toMatchObject({ errorType: 'invalid-channel' });
    });
  });
});

describe('a livechat room', () => {
  it('is read through channels.messages and channels.history by its agent, and by nobody else', async () => {
    for (const memberIds of [[], [userId]]) {
      const setup: Partial<RoomSetup> = { type: 'l', name: 'Visitor', memberIds };
      await withDemoServer(workspaceOf(setup), {}, async ({ get }) => {
        for (const endpoint of ['channels.messages', 'channels.history']) {
          expect((await get(endpoint, query)).status).toBe(memberIds.length === 0 ? 403 : 200);
        }
        expect((await get('groups.messages', query)).body['errorType']).toBe('error-room-not-found');
        const listed = (await get('rooms.get')).body['update'] as Readonly<Record<string, unknown>>[];
        expect(listed.map(({ t, fname, name }) => [t, fname, name])).toEqual(
          memberIds.length === 0 ? [] : [['l', 'Visitor', undefined]],
        );
      });
    }
  });
});

describe('a discussion', () => {
  it('is read through its parent without a subscription, has random letters for a name and a title for people', async () => {
    const workspace = workspaceOf(
      { id: 'parent', type: 'p', name: 'parent', memberIds: [userId] },
      { type: 'p', name: 'xKbY3fT', title: 'Which colour?', parentId: 'parent', archived: true },
    );
    await withDemoServer(workspace, {}, async ({ get }) => {
      expect((await get('groups.history', query)).ids).toHaveLength(1);
      expect((await get('groups.messages', query)).body['error']).toBe(
        'The private group, Which colour?, is archived [error-room-archived]',
      );
      expect((await get('rooms.info', query)).body['room']).toMatchObject({ name: 'xKbY3fT', fname: 'Which colour?' });
      expect((await get('rooms.get')).body['update']).toMatchObject([{ _id: 'parent' }]);
    });
  });
});

describe('a date that is none', () => {
  it.each([
    ['subscriptions.get', 'error-roomId-param-invalid'],
    ['rooms.get', 'error-updatedSince-param-invalid'],
  ])('is refused by %s as %s', async (endpoint, errorType) => {
    await withDemoServer(workspaceOf({}), {}, async ({ get }) => {
      expect((await get(endpoint, { updatedSince: 'x' })).body['errorType']).toBe(errorType);
    });
  });
});
