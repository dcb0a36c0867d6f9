import { SecondFactorError } from '../../errors.ts';
import type { Login } from '../../model/login.ts';
import type { RocketChat } from '../../model/rocketchat.ts';
import { tool } from '../../version.ts';
import { askSecondFactor } from './ask-second-factor.ts';
import type { Prompter } from '../prompter.ts';

interface MadeToken {
  readonly login: Extract<Login, { kind: 'token' }>;
  /** As it is shown among the tokens of the account. */
  readonly name: string;
}

/**
 * A code is good for one login: what runs by itself later gets a token in its place.
 *
 * @param login whom the server has let in
 * @param nowMs part of the token's name, which must be new
 * @param prompter null: there is nobody to ask
 * @returns undefined: the login needs none
 * @throws SecondFactorError when a second code is wanted and nobody can be asked, AccessError when the account may make no
 *   token
 */
export async function tokenInPlaceOf(
  login: Login,
  { user, createToken }: Pick<RocketChat, 'user' | 'createToken'>,
  nowMs: number,
  prompter: Prompter | null,
): Promise<MadeToken | undefined> {
  if (login.kind === 'token' || login.secondFactor === undefined) return undefined;
  const name = `${tool.name} ${new Date(nowMs).toISOString()}`;
  let code = login.secondFactor;
  for (;;) {
    try {
      return { login: { kind: 'token', userId: user.id, authToken: await createToken(name, code) }, name };
    } catch (error) {
      // One that came by mail is used up by the login. Source: app/2fa/server/code/EmailCheck.ts (verify)
      if (prompter === null || !(error instanceof SecondFactorError)) throw error;
      code = await askSecondFactor(error, prompter);
      if (code === '') throw error;
    }
  }
}
