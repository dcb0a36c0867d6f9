import { UsageError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import { serverVariables } from '../../job/server-login.ts';
import { parseServerUrl } from '../../server-url.ts';
import { serverFromEnvironment } from '../arguments/server-from-environment.ts';
import type { ProcessContext } from '../process-context.ts';
import type { Prompter } from '../prompter.ts';

/** An address as it was typed, and what a job makes of it and the login. */
export interface AskedServer {
  readonly address: string;
  readonly server: Job['server'];
  /** What was typed, and may be mistyped. */
  readonly asked: { readonly address: boolean; readonly login: boolean };
}

const tokenSteps = `In Rocket.Chat: your picture (top left) > Profile or My Account > Personal Access Tokens.
Give it a name, tick "Ignore Two Factor Authentication", Add.
It shows the token, once, and your user id.`;

type ServerContext = Pick<ProcessContext, 'env' | 'cwd'> & {
  /** Of the second factor, for a login by password. */
  readonly code?: string | undefined;
};

/**
 * The workspace and the login: from `--url` and the variables as far as they have them, else asked for.
 *
 * @param prompter null: there is nobody to ask
 * @throws UsageError that names what is missing, where nobody can be asked
 */
export async function askServer(
  url: string | undefined,
  { env, cwd, code }: ServerContext,
  prompter: Prompter | null,
): Promise<AskedServer> {
  const variable = env[serverVariables.url];
  const given = url ?? (variable === '' ? undefined : variable);
  const { userId, authToken, user, password } = serverVariables;
  const hasLogin = [userId, authToken, user, password].some((name) => (env[name] ?? '') !== '');
  if (prompter === null || (given !== undefined && hasLogin)) {
    const server = serverFromEnvironment(url, { env, cwd }, 'init');
    return { address: given ?? server.url, server: withCode(server, code), asked: { address: false, login: false } };
  }
  const address = given ?? (await askAddress(prompter));
  const variables = hasLogin ? {} : await askLogin(prompter);
  const server = serverFromEnvironment(address, { env: { ...env, ...variables }, cwd }, 'init');
  return { address, server: withCode(server, code), asked: { address: given === undefined, login: !hasLogin } };
}

const scheme = 'https://';

/** Most people paste the whole of it, behind the beginning that stands there. */
async function askAddress(prompter: Prompter): Promise<string> {
  const typed = (answer: string): string => answer.replace(/^https?:\/\/(?=https?:\/\/)/, '');
  const question = 'Address of the workspace, as people open it';
  return typed(await prompter.text(question, scheme, (answer) => problemOfAddress(typed(answer))));
}

function withCode(server: Job['server'], secondFactor: string | undefined): Job['server'] {
  const { login } = server;
  if (secondFactor === undefined) return server;
  if (login.kind === 'token') {
    throw new UsageError('Cannot use --code: it is for a login by name and password, and the variables hold a token');
  }
  return { ...server, login: { ...login, secondFactor } };
}

async function askLogin(prompter: Prompter): Promise<Readonly<Record<string, string>>> {
  const kind = await prompter.choice('How does the export log in?', [
    { value: 'token', label: 'With a personal access token', hint: 'works with two factors as well' },
    { value: 'password', label: 'With a name and a password', hint: 'with a code, if the account has a second factor' },
  ]);
  const { userId, authToken, user, password } = serverVariables;
  if (kind === 'password') {
    return {
      [user]: await prompter.text('User name or email', '', problemOfWord),
      [password]: await prompter.secret('Password'),
    };
  }
  prompter.say(tokenSteps);
  return {
    [userId]: await prompter.text('User id (shown below the token)', '', problemOfWord),
    [authToken]: await prompter.secret('Token'),
  };
}

function problemOfAddress(answer: string): string | undefined {
  const parsed = parseServerUrl(answer);
  return 'problem' in parsed ? parsed.problem : undefined;
}

function problemOfWord(answer: string): string | undefined {
  return answer === '' ? 'An answer is needed' : undefined;
}
