import { serverVariables } from '../../job/server-login.ts';
import { shellWord } from '../../shell-word.ts';
import type { AskedServer } from './ask-server.ts';

/** Address and login as the variables that a job takes them from. */
export function loginVariablesOf({
  address,
  server,
}: Pick<AskedServer, 'address' | 'server'>): Readonly<Record<string, string>> {
  const { login } = server;
  const { url, userId, authToken, user, password } = serverVariables;
  return login.kind === 'token'
    ? { [url]: address, [userId]: login.userId, [authToken]: login.authToken }
    : { [url]: address, [user]: login.user, [password]: login.password };
}

/** The text of a file that a shell and systemd read alike, and Docker as long as nothing needs quotes. */
export function envText(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${shellWord(value)}\n`)
    .join('');
}

/** Beside what was asked for, another login in the variables would be a second one. */
export const noLogin: Readonly<Record<string, string>> = Object.fromEntries(
  Object.values(serverVariables).map((name) => [name, '']),
);
