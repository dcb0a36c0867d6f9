import { AccessError, RoomError, UnreachableError } from '../errors.ts';
import type { Requester } from './http/requester.ts';

interface CreateTokenOptions {
  readonly call: Requester['call'];
  /** Told of the token before anything is done with it. */
  readonly addSecret: (secret: string) => void;
}

/**
 * POST users.generatePersonalAccessToken, as RocketChat.createToken says. The method of the code is not named: the server
 * then takes the first one that the account has.
 *
 * Source: server/api/v1/users.ts, app/2fa/server/code/index.ts (getMethodByNameOrFirstActiveForUser)
 */
export async function createToken(
  name: string,
  code: string,
  { call, addSecret }: CreateTokenOptions,
): Promise<string> {
  try {
    const { value } = await call({
      method: 'POST',
      endpoint: 'users.generatePersonalAccessToken',
      headers: { 'x-2fa-code': code },
      json: { tokenName: name, bypassTwoFactor: true },
      phase: 'connecting',
      // The name would be taken by then.
      once: true,
    });
    const { token } = value;
    if (typeof token !== 'string') throw new UnreachableError('Cannot make a token: the response has no "token"');
    addSecret(token);
    return token;
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    throw new AccessError(error.message, {
      hint: 'Ask an administrator for the permission "create-personal-access-tokens", or for a token',
    });
  }
}
