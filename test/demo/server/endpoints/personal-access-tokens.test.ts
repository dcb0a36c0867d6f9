import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sampleUsers } from '../../../../src/demo/sample/people.ts';
import { sampleLogin } from '../../../../src/demo/sample/sample-login.ts';
import { Workspace } from '../../../../src/demo/workspace/workspace.ts';
import { withDemoServer } from '../../../support/network/demo-client.ts';

const { userId, password, authToken } = sampleLogin;
const endpoint = 'users.generatePersonalAccessToken';
const body = { tokenName: 'nightly', bypassTwoFactor: true };
const login = { 'x-auth-token': authToken, 'x-user-id': userId };
const digest = createHash('sha256').update(password).digest('hex');

function workspaceWith(totpCode: string | null): Workspace {
  const users = sampleUsers.map((one) => (one.id === userId ? { ...one, totpCode } : one));
  return new Workspace({ users, rooms: [], tokens: { [authToken]: userId } });
}

describe('users.generatePersonalAccessToken', () => {
  it.each([
    ['of the app', '123456', 'totp', '123456'],
    ['of the password, without another one', null, 'password', digest],
  ])('wants a second factor: %s', async (_name, totpCode, method, code) => {
    await withDemoServer(workspaceWith(totpCode), {}, async ({ get, post }) => {
      const refused = await post(endpoint, body, login);
      expect(refused.status).toBe(400);
      expect(refused.body).toMatchObject({
        ...{ success: false, errorType: 'totp-required', error: 'TOTP Required [totp-required]', details: { method } },
      });
      expect((await post(endpoint, body, { ...login, 'x-2fa-code': '000000' })).body['errorType']).toBe('totp-invalid');
      const made = await post(endpoint, body, { ...login, 'x-2fa-code': code });
      expect(made.status).toBe(200);
      const token = String(made.body['token']);
      expect((await get('me', {}, { ...login, 'x-auth-token': token })).status).toBe(200);
      const again = await post(endpoint, body, { ...login, 'x-2fa-code': code });
      expect(again.body['errorType']).toBe('error-token-already-exists');
    });
  });

  it('refuses an account that may make none', async () => {
    const rules = { deniedPermissions: ['create-personal-access-tokens'] };
    await withDemoServer(workspaceWith('123456'), rules, async ({ post }) => {
      const { status, body: answer } = await post(endpoint, body, { ...login, 'x-2fa-code': '123456' });
      expect([status, answer['errorType']]).toEqual([400, 'not-authorized']);
    });
  });
});
