import type { Call, Endpoint } from './endpoint.ts';
import { Refusal, forbidden, jsonReply, meteorError } from './reply.ts';
import type { Reply } from './reply.ts';
import { validateQuery } from './query-schema.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { atLeast } from './version.ts';
import { sessionOf, type Session } from './session-of.ts';

interface RoutedCall extends Call {
  readonly path: string;
  readonly method: string;
  /** The client's IP address: the limiter counts by it, not by user. */
  readonly address: string;
}

/**
 * Takes a call through the server's checks in its order: authentication, permission, then for typed routes the query schema, then
 * the rate limit, then for the others the query schema, then the endpoint.
 *
 * Source: ApiClass.ts, packages/http-router/src/Router.ts. The bodies for unknown routes and methods are not verified.
 */
export function answerCall(endpoints: ReadonlyMap<string, Endpoint>, limiter: RateLimiter, call: RoutedCall): Reply {
  const endpoint = endpoints.get(call.path);
  if (!endpoint) return jsonReply(404, { status: 'error', message: 'API endpoint does not exist' });
  if (endpoint.method !== call.method) {
    return jsonReply(405, { status: 'error', message: 'API endpoint does not exist' }, { allow: endpoint.method });
  }
  let limitHeaders: Readonly<Record<string, string>> = {};
  try {
    const session = endpoint.access === 'user' ? authenticate(call) : null;
    checkPermission(endpoint, call);
    const schema = endpoint.schema?.(call.rules.version) ?? null;
    if (schema?.typed) checkQuery(schema.query, call, 'typed');
    const limited = checkRate(limiter, call);
    limitHeaders = limited.headers;
    if (limited.refusal) throw limited.refusal;
    if (schema && !schema.typed) checkQuery(schema.query, call, 'legacy');
    const reply =
      endpoint.access === 'user'
        ? endpoint.answer({ ...call, ...(session ?? authenticate(call)) })
        : endpoint.answer(call);
    return { ...reply, headers: { ...reply.headers, ...limitHeaders } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...error.reply, headers: { ...error.reply.headers, ...limitHeaders } };
  }
}

/** Source: server/api/v1/middlewares/authenticationHono.ts */
function authenticate(call: RoutedCall): Session {
  const session = sessionOf(call);
  if (session !== null) return session;
  const { version } = call.rules;
  const message = 'You must be logged in to do this.';
  const plain = { success: false, error: message };
  const old = { status: 'error', message };
  if (atLeast(version, '9.0')) throw new Refusal(jsonReply(401, plain));
  throw new Refusal(jsonReply(401, atLeast(version, '7.4') ? { ...plain, ...old } : old));
}

/** Source: server/api/v1/middlewares/permissions.ts */
function checkPermission({ permission }: Endpoint, { rules }: RoutedCall): void {
  if (permission === undefined || !rules.deniedPermissions.includes(permission)) return;
  throw forbidden(rules.version, 'User does not have the permissions required for this action [error-unauthorized]');
}

function checkQuery(schema: Parameters<typeof validateQuery>[0], call: RoutedCall, route: 'typed' | 'legacy'): void {
  const errors = validateQuery(schema, call.params);
  if (errors.length === 0) return;
  const error = errors.join('\n ');
  throw route === 'typed'
    ? new Refusal(jsonReply(400, { success: false, errorType: 'error-invalid-params', error }))
    : meteorError('invalid-params', error);
}

function checkRate(
  limiter: RateLimiter,
  { path, method, address, rules }: RoutedCall,
): { headers: Readonly<Record<string, string>>; refusal: Refusal | null } {
  if (rules.rateLimit === null) return { headers: {}, refusal: null };
  const attempt = limiter.attempt(`${method} ${path}`, address, rules.now(), rules.rateLimit);
  const headers = {
    'x-ratelimit-limit': String(attempt.limit),
    'x-ratelimit-remaining': String(attempt.remaining),
    'x-ratelimit-reset': String(attempt.resetAtMs),
  };
  if (attempt.allowed || rules.bypassesRateLimit) return { headers, refusal: null };
  const seconds = Math.ceil(attempt.waitMs / 1000);
  const error =
    `Error, too many requests. Please slow down. You must wait ${seconds} seconds before trying this endpoint again.` +
    ' [error-too-many-requests]';
  return { headers, refusal: new Refusal(jsonReply(429, { success: false, error })) };
}
