import { createHash } from 'node:crypto';
import type { Call, Endpoint } from '../endpoint.ts';
import { Refusal, jsonReply, success } from '../reply.ts';
import { sessionOf } from '../session-of.ts';
import { atLeast } from '../version.ts';
import type { WorkspaceUser } from '../../workspace/workspace.ts';

/**
 * GET info: the version trimmed to major.minor for everybody, whole for users who may see statistics (administrators).
 *
 * Source: server/api/lib/getServerInfo.ts, getTrimmedServerVersion.ts
 */
export const info: Endpoint = {
  method: 'GET',
  access: 'open',
  answer: (call) => {
    const { version } = call.rules;
    const seesStatistics = sessionOf(call)?.user.roles.includes('admin') ?? false;
    return success({ version: seesStatistics ? version : version.split('.').slice(0, 2).join('.') });
  },
};

export const me: Endpoint = {
  method: 'GET',
  access: 'user',
  answer: ({ user }) => success(describeUser(user)),
};

/**
 * POST login with {user | username | email, password, code?} or {resume}. A second factor comes as `code` or in the
 * header x-2fa-code. Source: ApiClass.ts (_initAuth), app/2fa/server/code/index.ts
 */
export const login: Endpoint = {
  method: 'POST',
  access: 'open',
  answer: (call) => {
    const resume = field(call.body, 'resume');
    if (resume !== undefined) {
      const user = call.workspace.userOfToken(resume);
      if (!user) throw loginFailure(call, '403', "You've been logged out by the server. Please log in again.");
      return loggedIn(user, resume);
    }
    const user = findUser(call);
    const password = field(call.body, 'password');
    if (!user?.password || !samePassword(call.body, user.password, password)) {
      throw loginFailure(call, 'Unauthorized', 'Unauthorized');
    }
    if (user.totpCode !== null) checkSecondFactor(call, user.totpCode);
    return loggedIn(user, call.workspace.login(user.id));
  },
};

/** POST logout: takes the very token that was used from the user, be it a personal access token. */
export const logout: Endpoint = {
  method: 'POST',
  access: 'user',
  answer: ({ workspace, token }) => {
    workspace.logout(token);
    return jsonReply(200, { status: 'success', data: { message: "You've been logged out!" } });
  },
};

function findUser({ workspace, body }: Call): WorkspaceUser | undefined {
  const name = field(body, 'user') ?? field(body, 'username') ?? field(body, 'email');
  return name === undefined
    ? undefined
    : workspace.findUser((user) => user.username === name || user.email.toLowerCase() === name.toLowerCase());
}

/** A client may send the SHA-256 of the password instead of the password: {digest, algorithm: 'sha-256'}. */
function samePassword(body: unknown, password: string, given: string | undefined): boolean {
  if (given !== undefined) return given === password;
  const hashed: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'password') : undefined;
  return field(hashed, 'digest') === createHash('sha256').update(password).digest('hex');
}

function checkSecondFactor(call: Call, wanted: string): void {
  const { body, headers } = call;
  const header = headers['x-2fa-code'];
  const code = typeof header === 'string' ? header : field(body, 'code');
  const details = { method: 'totp', availableMethods: ['totp'] };
  if (code === undefined) throw loginFailure(call, 'totp-required', 'TOTP Required', details);
  if (code !== wanted) throw loginFailure(call, 'totp-invalid', 'TOTP Invalid', details);
}

function loggedIn(user: WorkspaceUser, authToken: string): ReturnType<typeof success> {
  return jsonReply(200, {
    status: 'success',
    data: { userId: user.id, authToken, me: describeUser(user) },
    success: true,
  });
}

/** From 9.0 on one word for every cause. Source: ApiClass.ts (login, applyBreakingChanges) */
function loginFailure(
  { rules }: Call,
  error: string,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): Refusal {
  if (atLeast(rules.version, '9.0')) return new Refusal(jsonReply(401, { success: false, error: 'unauthorized' }));
  return new Refusal(
    jsonReply(401, {
      success: false,
      status: 'error',
      error,
      ...(details === undefined ? {} : { details }),
      message,
    }),
  );
}

/** Source: server/api/lib/getUserInfo.ts */
function describeUser(user: WorkspaceUser): Readonly<Record<string, unknown>> {
  return {
    _id: user.id,
    name: user.name,
    emails: [{ address: user.email, verified: true }],
    status: 'online',
    statusConnection: 'online',
    username: user.username,
    utcOffset: user.utcOffset ?? 0,
    active: user.active ?? true,
    roles: user.roles,
    settings: { profile: {}, preferences: {}, calendar: {} },
    email: user.email,
    avatarUrl: `/avatar/${user.username}`,
    isOAuthUser: false,
  };
}

function field(value: unknown, name: string): string | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === 'string' ? found : undefined;
}
