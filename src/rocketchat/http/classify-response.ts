import { AccessError, SecondFactorError, RoomError, UnreachableError, type ExportError } from '../../errors.ts';
import type { JsonObject } from '../../model/json/json-value.ts';
import { parseJsonText } from '../../model/json/parse-json-text.ts';
import { isRecord } from '../../model/json/is-record.ts';
import { describeRequest, type Outcome, type RequestInfo, type WireResponse } from './outcome.ts';
import { pageOutline } from './page-outline.ts';
import { readServerError, type ServerError } from './server-error.ts';
import { quoteServerText } from './server-text.ts';

const addressHint =
  'Check the url: it should be the address people open the workspace with, and respond without a proxy login';

const hintsByCode: Readonly<Record<string, string>> = {
  'room-archived': 'Unarchive the room, or leave it out: groups.messages does not read archived rooms',
  'room-not-found': 'The room is gone, is of another type, or this user is not a member of it',
  'not-allowed': 'Make this user a member of the room',
  unauthorized: 'Ask an administrator for the permission',
  forbidden: 'Ask an administrator for the permission',
  'invalid-params': 'The server expects other parameters than this program sends: report it with the server version',
};

/** For refusals without a code. */
const reasonsByStatus: Readonly<Record<number, string>> = { 401: 'not-allowed', 403: 'not-allowed', 404: 'not-found' };

/** Words of the server for what this login may not do. */
const denials: ReadonlySet<string> = new Set(['unauthorized', 'forbidden']);

/** Statuses that say no to this very request, so that asking again cannot help. */
const tooLarge: ReadonlySet<number> = new Set([413, 414, 431]);

/** Request Timeout and Too Early ask for the same request again. */
const transientClientErrors: ReadonlySet<number> = new Set([408, 425]);

/**
 * Sorts an answer by what to do next. Facts: Rocket.Chat's error bodies as of 6.x to 8.8. A refusal counts as the
 * server's word only when it is JSON: a proxy's page must never make a room a gap.
 */
export function classifyResponse(response: WireResponse, request: RequestInfo): Outcome {
  const { status } = response;
  if (status >= 300 && status < 400) return { kind: 'permanent', error: redirectError(response, request) };
  if (request.extent === 'outline' && status < 300) {
    const value = pageOutline(response.body);
    if (value !== undefined) return { kind: 'ok', value: { ...value }, extent: 'outline' };
  }
  const body = parseBody(response.body);
  if (status === 429) return { kind: 'rate-limited', retryAfterMs: retryAfterMs(response, body) };
  if (tooLarge.has(status)) return { kind: 'permanent', error: tooLargeError(status, request) };
  if (status === 401 || status === 407) return loginRefusal(response, body, request);
  if (body === undefined) return notJson(response, request);
  if (isHttpFailure(status)) return transient(response, describeBody(body, request), request);
  if (status < 300 && isSuccess(body)) return { kind: 'ok', value: body };
  return refusal(body, request, response);
}

function isHttpFailure(status: number): boolean {
  return status >= 500 || transientClientErrors.has(status);
}

function isSuccess(body: Readonly<Record<string, unknown>>): boolean {
  return body['success'] !== false && body['status'] !== 'error';
}

/** Only a JSON object is an answer. For the walk: the load half parses the journaled body again, exact numbers included. */
function parseBody(body: Buffer): JsonObject | undefined {
  try {
    const value = parseJsonText(body.toString());
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function refusal(body: Readonly<Record<string, unknown>>, request: RequestInfo, response: WireResponse): Outcome {
  const error = readServerError(body);
  // Very old servers answer 400 here.
  if (error.code === 'too-many-requests') return { kind: 'rate-limited', retryAfterMs: retryAfterMs(response, body) };
  if (error.code.startsWith('totp-')) return { kind: 'permanent', error: twoFactorError(error, request) };
  return { kind: 'permanent', error: roomError(response, body, request) };
}

function roomError(
  { status }: Pick<WireResponse, 'status'>,
  body: Readonly<Record<string, unknown>>,
  request: RequestInfo,
): RoomError {
  const { code } = readServerError(body);
  const reason = code === '' ? (reasonsByStatus[status] ?? `http-${String(status)}`) : code;
  const tooOld =
    status === 404 ? 'This server does not know the endpoint: it is too old for it, or the url is wrong' : undefined;
  const hint = hintsByCode[code] ?? hintsByCode[reason] ?? tooOld;
  return new RoomError(
    denials.has(reason) ? 'not-allowed' : reason,
    `${describeRequest(request)}: ${String(status)} ${describeBody(body, request)}`,
    hint === undefined ? {} : { hint },
  );
}

function describeBody(body: Readonly<Record<string, unknown>>, { secrets }: RequestInfo): string {
  const { text, code } = readServerError(body);
  return quoteServerText(text === '' ? code : text, secrets) || 'without a reason';
}

function twoFactorError({ code }: Pick<ServerError, 'code'>, request: RequestInfo): ExportError {
  return new SecondFactorError(true, `${describeRequest(request)}: the account asks for a second factor (${code})`, {
    hint: 'Use a personal access token (My Account > Personal Access Tokens, "Ignore Two Factor Authentication") instead of the password',
  });
}

function loginRefusal(
  response: WireResponse,
  body: Readonly<Record<string, unknown>> | undefined,
  request: RequestInfo,
): Outcome {
  const start = `${describeRequest(request)}: ${String(response.status)}`;
  if (response.status === 407 && request.proxy !== undefined) {
    const error = new AccessError(`${start} from the proxy ${request.proxy}: it wants a user and password`, {
      hint: 'Put them into the address of the proxy: HTTP_PROXY=http://user:password@host:port',
    });
    return { kind: 'permanent', error };
  }
  if (body === undefined) {
    const error = new AccessError(`${start} from something in front of Rocket.Chat, not from Rocket.Chat itself`, {
      hint: 'A proxy wants a login of its own: let the API through it, or put its user and password into the url',
    });
    return { kind: 'permanent', error };
  }
  const { code } = readServerError(body);
  if (code.startsWith('totp-')) return { kind: 'permanent', error: twoFactorError({ code }, request) };
  const words = `${start} ${describeBody(body, request)}`;
  const error = isOneWordForAll(body, request)
    ? new SecondFactorError(false, words, { hint: oneWordHint })
    : new AccessError(words, { hint: loginHint(code, body, request) });
  return { kind: 'login-refused', error, otherwise: roomError(response, body, request) };
}

const oneWordHint =
  'Check the user and the password; an account with a second factor is refused with the same word, and needs a personal access token instead of the password';

/** From 9.0 on the body no longer tells apart why a login was refused. Source: ApiClass.ts (login, applyBreakingChanges) */
function isOneWordForAll(body: Readonly<Record<string, unknown>>, { endpoint }: RequestInfo): boolean {
  return endpoint === 'login' && body['error'] === 'unauthorized' && body['message'] === undefined;
}

function loginHint(code: string, body: Readonly<Record<string, unknown>>, { endpoint }: RequestInfo): string {
  // Every answer of Rocket.Chat has one of them. Source: app/api/server/ApiClass.ts (success, failure, unauthorized)
  const isRocketChat = 'success' in body || 'status' in body;
  if (!isRocketChat) return 'Check the url before the login: the answer is none that Rocket.Chat gives';
  if (code.startsWith('login-blocked')) return 'Too many failed logins: wait some minutes before the next one';
  return endpoint === 'login'
    ? 'Check the user and the password'
    : 'Check the user id and the token: one that was revoked or has expired must be created again';
}

function redirectError({ status, headers }: WireResponse, request: RequestInfo): ExportError {
  const here = new URL(request.url);
  const target = URL.canParse(headers.location ?? '', here.href)
    ? new URL(headers.location ?? '', here.href)
    : undefined;
  const start = `${describeRequest(request)}: ${String(status)} redirects`;
  if (headers.location === undefined || target === undefined)
    return new UnreachableError(`${start} to nowhere`, { hint: addressHint });
  // The path and query of a redirect may carry a session; its origin is enough.
  if (target.origin === here.origin) {
    return new UnreachableError(`${start} to another path of ${here.origin}`, { hint: addressHint });
  }
  return new UnreachableError(`${start} to ${target.origin}, and credentials never follow a redirect`, {
    hint:
      target.hostname === here.hostname
        ? `Write the url as ${target.origin}${here.pathname === '/' ? '' : ', with the same path'}`
        : `If ${target.origin} is the workspace, write that as the url; if it is a login page, let the API through without it`,
  });
}

function tooLargeError(status: number, request: RequestInfo): ExportError {
  return new RoomError(
    'request-too-large',
    `${describeRequest(request)}: ${String(status)}, the request is too large`,
    {
      hint: 'Ask for fewer mentionIds or starredIds at once',
    },
  );
}

/** What nginx, Apache and Go's net/http say. */
const plainToTls =
  /plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled|HTTP request to an HTTPS server/;

/** 200 with a login page, half a page of JSON, a proxy's 404: nothing of it is Rocket.Chat speaking. */
function notJson(response: WireResponse, request: RequestInfo): Outcome {
  const start = response.body.subarray(0, 500).toString().trimStart();
  if (request.url.startsWith('http:') && plainToTls.test(start))
    return { kind: 'permanent', error: httpToHttps(request) };
  if (response.status >= 500) return transient(response, 'the server or a proxy failed', request);
  if (start.startsWith('<')) return transient(response, 'a web page instead of JSON', request, addressHint);
  const sizeBytes = String(response.body.length);
  const what = start.startsWith('{')
    ? `JSON that breaks off or is broken (${sizeBytes} bytes)`
    : `no JSON object (${sizeBytes} bytes)`;
  return transient(response, what, request, start.startsWith('{') ? undefined : addressHint);
}

function httpToHttps(request: RequestInfo): ExportError {
  return new UnreachableError(`${describeRequest(request)}: the server wants https on this port`, {
    hint: `Write the url as ${new URL(request.url).origin.replace(/^http:/, 'https:')}, with the same path if it has one`,
  });
}

function transient(response: WireResponse, what: string, request: RequestInfo, hint?: string): Outcome {
  const wishMs = retryAfterHeaderMs(response);
  return {
    kind: 'transient',
    error: {
      reason: isHttpFailure(response.status) ? `http-${String(response.status)}` : 'not-json',
      message: `${describeRequest(request)}: ${String(response.status)} ${what}`,
      ...(hint === undefined ? {} : { hint }),
    },
    ...(wishMs === undefined ? {} : { retryAfterMs: wishMs }),
  };
}

/** Rocket.Chat writes the wait into the text alone: "You must wait N seconds before…". `Retry-After` is a proxy's. */
function retryAfterMs(response: WireResponse, body: Readonly<Record<string, unknown>> | undefined): number | undefined {
  const seconds = body === undefined ? undefined : /\bwait (\d+) seconds?\b/.exec(readServerError(body).text)?.[1];
  return seconds === undefined ? retryAfterHeaderMs(response) : secondsToMs(seconds);
}

/** RFC 9110 also allows a date, which needs the server's clock to be right: not worth it. */
function retryAfterHeaderMs({ headers }: WireResponse): number | undefined {
  const value = headers['retry-after'];
  return value !== undefined && /^\d+$/.test(value) ? secondsToMs(value) : undefined;
}

/** However long: a wait that nobody can sit out ends the run, where none at all would be a guess of a minute. */
function secondsToMs(digits: string): number {
  return Math.min(Number(digits) * 1000, Number.MAX_SAFE_INTEGER);
}
