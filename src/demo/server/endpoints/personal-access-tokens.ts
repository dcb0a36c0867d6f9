import { createHash } from 'node:crypto';
import type { Endpoint, UserCall } from '../endpoint.ts';
import { meteorError, success } from '../reply.ts';

/**
 * POST users.generatePersonalAccessToken {tokenName, bypassTwoFactor}: `twoFactorRequired`, so that a session alone does not
 * do. Whoever has no second factor proves himself by the SHA-256 of the password, as
 * Accounts_TwoFactorAuthentication_Enforce_Password_Fallback has it by default. That a session of the last half hour may be
 * remembered is left out: it only asks less.
 *
 * Source: server/api/v1/users.ts, app/2fa/server/code/index.ts, PasswordCheckFallback.ts,
 * imports/personal-access-tokens/server/api/methods/generateToken.ts
 */
export const generatePersonalAccessToken: Endpoint = {
  method: 'POST',
  access: 'user',
  answer: (call) => {
    const { body, rules, user, workspace } = call;
    checkSecondFactor(call);
    const name: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'tokenName') : undefined;
    if (typeof name !== 'string' || name === '')
      throw meteorError('error-invalid-params', "The 'tokenName' is invalid");
    if (rules.deniedPermissions.includes('create-personal-access-tokens')) {
      throw meteorError('not-authorized', 'Not Authorized');
    }
    const token = workspace.personalToken(user.id, name);
    if (token === undefined) throw meteorError('error-token-already-exists', 'A token with this name already exists');
    return success({ token });
  },
};

function checkSecondFactor({ headers, user }: UserCall): void {
  const code = headers['x-2fa-code'];
  const methods = user.totpCode === null ? [] : ['totp'];
  const details = { method: methods[0] ?? 'password', availableMethods: methods };
  const wanted =
    user.totpCode ??
    createHash('sha256')
      .update(user.password ?? '')
      .digest('hex');
  if (code === undefined) throw meteorError('totp-required', 'TOTP Required', details);
  if (code !== wanted) throw meteorError('totp-invalid', 'TOTP Invalid', details);
}
