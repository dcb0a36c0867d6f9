import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sampleUsers } from '../../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../../src/demo/sample/sample-login.ts';
import { Workspace } from '../../../../src/demo/workspace/workspace.ts';
import { withDemoServer } from '../../../support/network/demo-client.ts';
import { createSmallWorkspace } from '../../../support/workspaces/small-workspace.ts';

const { user, password, userId, authToken } = sampleLogin;

describe('info', () => {
  it.each(['api/info', 'api/v1/info'])('tells major.minor to everybody at %s', async (path) => {
    await withDemoServer(createSmallWorkspace(0), { version: '7.10' }, async ({ served }) => {
      const response = await fetch(`${served.url}/${path}`);
      expect(await response.json()).toEqual({ version: '7.10', success: true });
    });
  });
});

describe('info with a full version', () => {
  it('tells it to administrators alone', async () => {
    const users = sampleUsers.map((one) => (one.id === userId ? { ...one, roles: ['admin', 'user'] } : one));
    const admins = new Workspace({ users, rooms: [], tokens: { [authToken]: userId } });
    for (const [workspace, version] of [
      [admins, '8.8.1'],
      [createSmallWorkspace(0), '8.8'],
    ] as const) {
      await withDemoServer(workspace, { version: '8.8.1' }, async ({ get }) => {
        expect((await get('info')).body['version']).toBe(version);
        expect((await get('info', {}, {})).body['version']).toBe('8.8');
      });
    }
  });
});

describe('me', () => {
  it('names the verified address and says who is no OAuth user', async () => {
    await withDemoServer(createSmallWorkspace(0), {}, async ({ get }) => {
      expect((await get('me')).body).toMatchObject({ email: `${user}@example.org`, isOAuthUser: false, active: true });
    });
  });
});

describe('login', () => {
  it.each(['wrong', password])(
    'of 9.0 refuses the password %j of an account with a second factor by one word',
    async (given) => {
      const users = sampleUsers.map((one) => (one.id === userId ? { ...one, totpCode: '123456' } : one));
      await withDemoServer(new Workspace({ users, rooms: [], tokens: {} }), { version: '9.0' }, async ({ post }) => {
        const { status, body } = await post('login', { user, password: given });
        expect({ status, body }).toEqual({ status: 401, body: { success: false, error: 'unauthorized' } });
      });
    },
  );

  it.each([
    { user, password },
    { username: user, password },
    { email: `${user}@example.org`, password },
    { user, password: { digest: createHash('sha256').update(password).digest('hex'), algorithm: 'sha-256' } },
  ])('takes %j and gives a token that works', async (credentials) => {
    await withDemoServer(createSmallWorkspace(0), {}, async ({ get, post }) => {
      const { status, body } = await post('login', credentials);
      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'success', success: true, data: { userId, me: { username: user } } });
      const token = (body['data'] as { authToken: string }).authToken;
      const me = await get('me', {}, { 'x-auth-token': token, 'x-user-id': userId });
      expect(me.body).toMatchObject({ _id: userId, username: user, success: true });
    });
  });

  it('takes a token that is good, and no other', async () => {
    await withDemoServer(createSmallWorkspace(0), {}, async ({ post }) => {
      expect((await post('login', { resume: authToken })).body).toMatchObject({ data: { authToken } });
      expect((await post('login', { resume: 'nonsense' })).status).toBe(401);
    });
  });

  it.each([
    { user, password: 'wrong' },
    { user: 'nobody', password },
    { user },
    {},
    null,
    { user: 'marc', password: '' },
  ])('refuses %j', async (credentials) => {
    await withDemoServer(createSmallWorkspace(0), {}, async ({ post }) => {
      const { status, body } = await post('login', credentials);
      expect({ status, body }).toEqual({
        status: 401,
        body: { success: false, status: 'error', error: 'Unauthorized', message: 'Unauthorized' },
      });
    });
  });

  it('asks for the second factor of a user who has one', async () => {
    const users = sampleUsers.map((one) => (one.id === userId ? { ...one, totpCode: '123456' } : one));
    await withDemoServer(new Workspace({ users, rooms: [], tokens: {} }), {}, async ({ post }) => {
      const asked = await post('login', { user, password });
      expect(asked.status).toBe(401);
      expect(asked.body).toEqual({
        success: false,
        status: 'error',
        error: 'totp-required',
        details: { method: 'totp', availableMethods: ['totp'] },
        message: 'TOTP Required',
      });
      expect((await post('login', { user, password, code: '000000' })).body['error']).toBe('totp-invalid');
      expect((await post('login', { user, password, code: '123456' })).status).toBe(200);
      expect((await post('login', { user, password }, { 'x-2fa-code': '123456' })).status).toBe(200);
    });
  });
});

describe('logout', () => {
  it('takes away the very token that was used, a personal one too', async () => {
    await withDemoServer(createSmallWorkspace(0), {}, async ({ get, post }) => {
      const headers = { 'x-auth-token': authToken, 'x-user-id': userId };
      expect((await post('logout', {}, headers)).body).toMatchObject({ status: 'success' });
      expect((await get('me')).status).toBe(401);
      expect((await post('logout', {}, headers)).status).toBe(401);
    });
  });
});
