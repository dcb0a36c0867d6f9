import { AccessError, SecondFactorError, UnreachableError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import type { AskedServer } from './ask-server.ts';
import type { Prompter } from '../prompter.ts';
import { askSecondFactor } from './ask-second-factor.ts';

/**
 * Asks for a server until it lets somebody in, as long as what is wrong may have been typed, or a code is all it wants.
 *
 * @param use connects
 * @param prompter null: there is nobody to ask
 */
export async function untilLetIn<T>(
  ask: (knownAddress?: string) => Promise<AskedServer>,
  use: (server: Job['server']) => Promise<T>,
  prompter: Prompter | null,
): Promise<AskedServer & { readonly result: T }> {
  let knownAddress: string | undefined;
  let answer = await ask();
  for (;;) {
    try {
      return { ...answer, result: await use(answer.server) };
    } catch (error) {
      const { login } = answer.server;
      if (prompter !== null && error instanceof SecondFactorError && login.kind === 'password') {
        const secondFactor = await askSecondFactor(error, prompter);
        if (secondFactor !== '') {
          answer = { ...answer, server: { ...answer.server, login: { ...login, secondFactor } } };
          continue;
        }
      }
      const isMistyped =
        (error instanceof AccessError && answer.asked.login) ||
        (error instanceof UnreachableError && answer.asked.address);
      if (!isMistyped) throw error;
      // Who refuses a login is the right server.
      if (error instanceof AccessError) knownAddress = answer.address;
      if (!(error instanceof SecondFactorError)) {
        prompter?.say(`${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}`);
      }
      answer = await ask(knownAddress);
    }
  }
}
