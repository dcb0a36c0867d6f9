import type { SecondFactorError } from '../../errors.ts';
import type { Prompter } from '../prompter.ts';

/**
 * Shows why a login was refused and asks for the code.
 *
 * @returns '': there is none, the name or the password was wrong
 */
export function askSecondFactor(error: SecondFactorError, prompter: Prompter): Promise<string> {
  const { message, hint = '', isCertain } = error;
  prompter.say(isCertain ? message : `${message}\n${hint}`);
  const question = isCertain
    ? 'Code of the second factor, from the app or the mail (empty: another login)'
    : 'Code of the second factor, if the account has one (empty: another login)';
  return prompter.text(question, '', () => undefined);
}
