import { headerValue } from '../model/login.ts';
import type { Login } from '../model/login.ts';
import { AccessError, RoomError, UnreachableError, type ExportError } from '../errors.ts';
import { isRecord } from '../model/json/is-record.ts';
import type { Call } from './http/call.ts';
import type { Requester } from './http/requester.ts';
import type { RocketChat } from '../model/rocketchat.ts';

export interface Session {
  readonly user: RocketChat['user'];
  readonly roles: RocketChat['roles'];
  /** We made it, so we end it. A personal access token is deleted by a logout: never log that out. */
  readonly madeByUs: boolean;
}

interface LoginOptions {
  readonly call: Requester['call'];
  readonly authorize: (headers: Readonly<Record<string, string>>) => void;
  /** Told of a token that the server made, before anything is done with it. */
  readonly addSecret: (secret: string) => void;
}

/**
 * Proves who we are: a token by GET /api/v1/me, a password by POST /api/v1/login.
 *
 * @throws AccessError when the server says no or wants a second factor, UnreachableError when there is no Rocket.Chat
 */
export async function logIn(login: Login, options: LoginOptions): Promise<Session> {
  try {
    return login.kind === 'token' ? await useToken(login, options) : await usePassword(login, options);
  } catch (error) {
    throw error instanceof RoomError ? notForSession(error) : error;
  }
}

async function useToken(
  { userId, authToken }: Extract<Login, { kind: 'token' }>,
  { call, authorize }: LoginOptions,
): Promise<Session> {
  checkHeaderValue('user id', userId);
  checkHeaderValue('auth token', authToken);
  authorize({ 'x-user-id': userId, 'x-auth-token': authToken });
  return { ...(await whoAmI(call)), madeByUs: false };
}

async function usePassword(
  { user, password, secondFactor: code }: Extract<Login, { kind: 'password' }>,
  { call, authorize, addSecret }: LoginOptions,
): Promise<Session> {
  const json = { user, password, ...(code !== undefined && { code }) };
  const login: Call = { method: 'POST', endpoint: 'login', json, phase: 'connecting' };
  const { data } = (await call(login)).value;
  const { userId, authToken, me } = isRecord(data) ? data : {};
  if (typeof userId !== 'string' || typeof authToken !== 'string' || !headerValue.test(userId + authToken)) {
    throw new UnreachableError('Cannot log in: the response has no "userId" and "authToken"', {
      hint: 'Check the url: something other than Rocket.Chat seems to respond there',
    });
  }
  addSecret(authToken);
  authorize({ 'x-user-id': userId, 'x-auth-token': authToken });
  const { username, roles } = isRecord(me) ? me : {};
  const who =
    typeof username === 'string' ? { user: { id: userId, username }, roles: parseRoles(roles) } : await whoAmI(call);
  return { ...who, madeByUs: true };
}

async function whoAmI(call: Requester['call']): Promise<Pick<Session, 'user' | 'roles'>> {
  const { _id, username, roles } = (await call({ method: 'GET', endpoint: 'me', phase: 'connecting' })).value;
  if (typeof _id !== 'string') {
    throw new UnreachableError('Cannot log in: the response of "me" has no "_id"', {
      hint: 'Check the url: something other than Rocket.Chat seems to respond there',
    });
  }
  // A user who has not finished the registration has none.
  return { user: { id: _id, username: typeof username === 'string' ? username : _id }, roles: parseRoles(roles) };
}

function parseRoles(roles: unknown): Session['roles'] {
  return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : null;
}

function checkHeaderValue(what: string, value: string): void {
  if (headerValue.test(value)) return;
  throw new AccessError(`Cannot log in: the ${what} is empty or holds white space or other characters it cannot hold`, {
    hint: 'Copy it again; a file or variable it comes from must not end in a line break',
  });
}

/** There is no room in a login: a refusal is about the account (400, 403) or about the address (404…). */
function notForSession(error: RoomError): ExportError {
  if (error.reason === 'not-found') {
    return new UnreachableError(error.message, {
      hint: 'Check the url: it should be the address people open the workspace with',
    });
  }
  return new AccessError(error.message, error.hint === undefined ? {} : { hint: error.hint });
}
