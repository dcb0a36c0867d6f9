import { describe, expect, it } from '@jest/globals';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';
import type { Workspace } from '../../../src/demo/workspace/workspace.ts';
import { withDemoServer, type DemoClient, type PlainAnswer, type Query } from '../../support/network/demo-client.ts';
import { createSmallWorkspace, smallRoomId } from '../../support/workspaces/small-workspace.ts';

const missingBoth =
  "must have required property 'roomId'\n must have required property 'roomName'\n must match exactly one schema in oneOf";
const exactlyOne = 'must match exactly one schema in oneOf';
const notNumber = "must be number\n must have required property 'roomName'\n must match exactly one schema in oneOf";
const tooMany =
  "must NOT have additional properties\n must have required property 'roomName'\n must match exactly one schema in oneOf";
const legacy = (error: string) => ({ success: false, error: `${error} [invalid-params]`, errorType: 'invalid-params' });
const typed = (error: string) => ({ success: false, errorType: 'error-invalid-params', error });
const meteor = (code: string, reason: string) => ({ success: false, error: `${reason} [${code}]`, errorType: code });
const notFound = meteor(
  'error-room-not-found',
  'The required "roomId" or "roomName" param provided does not match any group',
);
const notProvided = meteor('error-room-param-not-provided', 'The parameter "roomId" or "roomName" is required');
const roomId = smallRoomId;

function ask(version: string, use: (client: DemoClient) => Promise<void>, workspace = createSmallWorkspace(3)) {
  return withDemoServer(workspace, { version }, use);
}

// Whether both names at once are refused is told in two ways: an end-to-end test of the server's repository expects 400
// (`invalid-params`), an older one 200. The published schemas (rest-typings 7.9.8 to 8.8.1) refuse: taken here, for a
// client that sends both would be wrong with one of them.
describe('groups.messages', () => {
  it.each<[string, Query, unknown]>([
    ['6.13', {}, notProvided],
    ['7.0', {}, legacy(missingBoth)],
    ['8.7', {}, legacy(missingBoth)],
    ['8.8', {}, typed(missingBoth)],
    ['8.8', { roomId: '' }, notProvided],
    ['7.5', { roomId, roomName: 'small' }, legacy(exactlyOne)],
    ['8.8', { roomId, roomName: 'small' }, typed(exactlyOne)],
    ['7.0', { roomId, fields: '{}' }, legacy(tooMany)],
    ['8.7', { roomId, fields: '{}' }, legacy(tooMany)],
    ['8.8', { roomId, unknown: '1' }, typed('must NOT have additional properties')],
    ['7.13', { roomId, count: 'abc' }, legacy(notNumber)],
    ['8.8', { roomId, count: '' }, typed('must be number')],
    ['7.0', { roomName: 'small' }, notFound],
    ['7.4', { roomName: 'small' }, notFound],
    ['6.13', { roomId: 'nowhere' }, notFound],
    ['8.8', { roomId: 'nowhere' }, notFound],
  ])('of %s refuses %j', async (version, query, expected) => {
    await ask(version, async ({ get }) => {
      const { status, body } = await get('groups.messages', query);
      expect({ status, body }).toEqual({ status: 400, body: expected });
    });
  });

  it.each<[string, Query]>([
    ['6.13', { roomId, fields: '{}', whatever: 1, count: '' }],
    ['6.13', { roomId, roomName: 'small' }],
    ['7.0', { roomId, roomName: 'small' }],
    ['7.5', { roomName: 'small' }],
    ['7.5', { roomId, count: '' }],
    ['8.7', { roomId, sort: '{"ts":1}', mentionIds: 'all', pinned: 'true', query: '{}' }],
    ['8.8', { roomId, fields: '{}', query: '{}' }],
    ['7.13', { roomId, sort: '' }],
  ])('of %s accepts %j', async (version, query) => {
    await ask(version, async ({ get }) => expect((await get('groups.messages', query)).status).toBe(200));
  });

  it.each(['{"ts":"desc"}', '{"ts":2}', 'ts', '[1]', 'null'])('refuses the sort %j', async (sort) => {
    await ask('8.8', async ({ get }) => {
      const { status, body } = await get('groups.messages', { roomId, sort });
      expect({ status, body }).toEqual({
        status: 400,
        body: {
          ...meteor('error-invalid-sort', `Invalid sort parameter provided: "${sort}"`),
          details: { helperMethod: 'parseJsonQuery' },
        },
      });
    });
  });

  it('refuses an empty sort since 8.0', async () => {
    await ask('8.0', async ({ get }) => {
      expect((await get('groups.messages', { roomId, sort: '' })).body['errorType']).toBe('error-invalid-sort');
    });
  });

  it('does not tell a room without access from a room that does not exist', async () => {
    const workspace = createSmallWorkspace(3);
    workspace.room(roomId)?.memberIds.clear();
    await ask(
      '8.8',
      async ({ get }) => expect((await get('groups.messages', { roomId })).body).toEqual(notFound),
      workspace,
    );
  });

  it('refuses an archived group, whose history stays readable', async () => {
    await ask(
      '8.8',
      async ({ get }) => {
        expect((await get('groups.messages', { roomId })).body).toEqual(
          meteor('error-room-archived', 'The private group, small, is archived'),
        );
        expect((await get('groups.history', { roomId })).ids).toHaveLength(3);
        expect((await get('rooms.info', { roomId })).status).toBe(200);
        expect((await get('chat.getMentionedMessages', { roomId })).status).toBe(200);
      },
      archived(createSmallWorkspace(3)),
    );
  });
});

describe('chat.getMentionedMessages', () => {
  it.each<[string, Query, unknown]>([
    ['6.13', {}, legacy("must have required property 'roomId'")],
    ['8.2', {}, legacy("must have required property 'roomId'")],
    ['8.8', {}, typed("must have required property 'roomId'")],
    ['7.9', { roomId: '' }, legacy('must NOT have fewer than 1 characters')],
    ['7.0', { roomId: '' }, { success: false, error: 'error-not-allowed' }],
    ['8.8', { roomId, roomName: 'small' }, typed('must NOT have additional properties')],
    ['8.8', { roomId: 'nowhere' }, { success: false, error: 'error-not-allowed' }],
  ])('of %s refuses %j', async (version, query, expected) => {
    await ask(version, async ({ get }) => {
      const { status, body } = await get('chat.getMentionedMessages', query);
      expect({ status, body }).toEqual({ status: 400, body: expected });
    });
  });
});

describe('authentication', () => {
  const message = 'You must be logged in to do this.';
  const old = { status: 'error', message };

  it.each([
    ['6.13', old],
    ['7.3', old],
    ['7.4', { success: false, error: message, ...old }],
    ['8.8', { success: false, error: message, ...old }],
    ['9.0', { success: false, error: message }],
  ])('of %s answers 401 in its own words', async (version, expected) => {
    await ask(version, async ({ get }) => {
      const answers: PlainAnswer[] = [
        await get('groups.messages', {}, {}),
        await get('me', {}, { 'x-auth-token': sampleLogin.authToken }),
        await get('me', {}, { 'x-auth-token': 'wrong', 'x-user-id': sampleLogin.userId }),
        await get('me', {}, { 'x-auth-token': sampleLogin.authToken, 'x-user-id': 'somebody else' }),
      ];
      for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 401, body: expected });
    });
  });
});

describe('routes', () => {
  it('answers 404 for one that does not exist and 405 for the wrong method', async () => {
    await ask('8.8', async ({ get, post }) => {
      expect((await get('groups.noSuchThing')).status).toBe(404);
      expect((await post('groups.messages', {})).status).toBe(405);
    });
  });
});

function archived(workspace: Workspace): Workspace {
  for (const room of workspace.rooms) room.archived = true;
  return workspace;
}
