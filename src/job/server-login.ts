import { isRecord } from '../model/json/is-record.ts';
import type { JobProblem } from './problem.ts';

/** Where each part of `server` comes from when a job leaves it out. */
export const serverVariables = {
  url: 'ROCKETCHAT_URL',
  userId: 'ROCKETCHAT_USER_ID',
  authToken: 'ROCKETCHAT_AUTH_TOKEN',
  user: 'ROCKETCHAT_USER',
  password: 'ROCKETCHAT_PASSWORD',
} as const;

type ServerKey = keyof typeof serverVariables;

const tokenKeys = ['userId', 'authToken'] as const;
const passwordKeys = ['user', 'password'] as const;

/** `server` of a job with what it leaves out taken from the environment, and the keys that came from there. */
export interface FilledServer {
  readonly server: unknown;
  readonly variableOf: Readonly<Partial<Record<string, string>>>;
}

/**
 * A key without a value counts as left out, an empty variable as not set. A job that begins one kind of login is
 * completed with that kind only; one that names none takes what the environment has.
 */
export function fillServer(server: unknown, env: Readonly<Record<string, string | undefined>>): FilledServer {
  const given: unknown = server ?? {};
  if (!isRecord(given)) return { server: given, variableOf: {} };
  const filled: Record<string, unknown> = Object.fromEntries(
    Object.entries(given).filter(([key, value]) => value !== null || !Object.hasOwn(serverVariables, key)),
  );
  const token = tokenKeys.some((key) => key in filled);
  const password = passwordKeys.some((key) => key in filled);
  const wanted: ServerKey[] = ['url'];
  if (!password) wanted.push(...tokenKeys);
  if (!token) wanted.push(...passwordKeys);

  const variableOf: Partial<Record<string, string>> = {};
  for (const key of wanted) {
    const value = Object.hasOwn(env, serverVariables[key]) ? env[serverVariables[key]] : undefined;
    if (key in filled || value === undefined || value === '') continue;
    filled[key] = value;
    variableOf[key] = serverVariables[key];
  }
  return { server: filled, variableOf };
}

/** The parts of an address and a login, whole: `Value` is string once the schema has checked them. */
export type ServerParts<Value> =
  | {
      readonly kind: 'token';
      readonly url: Value;
      readonly userId: Value;
      readonly authToken: Value;
    }
  | { readonly kind: 'password'; readonly url: Value; readonly user: Value; readonly password: Value }
  | { readonly kind: 'problems'; readonly problems: readonly JobProblem[] };

/** Asks for an address and for one login: a token or a password, whole, and not both. */
export function serverParts<Value>(
  server: Readonly<Partial<Record<ServerKey, Value>>>,
  variableOf: FilledServer['variableOf'],
): ServerParts<Value> {
  const { url, userId, authToken, user, password } = server;
  const problems: JobProblem[] = [];
  if (url === undefined) problems.push(missing('url'));
  const named = [...tokenKeys, ...passwordKeys].filter((key) => server[key] !== undefined);
  const hasToken = userId !== undefined || authToken !== undefined;
  const hasPassword = user !== undefined || password !== undefined;
  if (hasToken && hasPassword) {
    const names = named.map((key) => variableOf[key] ?? key).join(', ');
    const hint = 'Keep userId and authToken, or user and password';
    problems.push({ path: ['server'], text: `two logins, a token and a password (${names}), expected one`, hint });
  } else if (!hasToken && !hasPassword) {
    const hint =
      'Set ROCKETCHAT_USER_ID and ROCKETCHAT_AUTH_TOKEN (a personal access token), or ROCKETCHAT_USER and ROCKETCHAT_PASSWORD';
    problems.push({ path: ['server'], text: 'no login, expected a token or a password', hint });
  } else {
    const keys = hasToken ? tokenKeys : passwordKeys;
    problems.push(...keys.filter((key) => server[key] === undefined).map(missing));
  }
  if (problems.length === 0 && url !== undefined) {
    if (userId !== undefined && authToken !== undefined) return { kind: 'token', url, userId, authToken };
    if (user !== undefined && password !== undefined) return { kind: 'password', url, user, password };
  }
  return { kind: 'problems', problems };
}

function missing(key: ServerKey): JobProblem {
  return { path: ['server', key], text: 'missing', hint: `Set the variable ${serverVariables[key]}` };
}
