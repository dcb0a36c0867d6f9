import { errorCode } from '../../errors.ts';
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { got } from 'got';
import { tool } from '../../version.ts';
import { AnswerBody, answerTooLarge, codedError } from './answer-body.ts';
import { AnswerBudget, type AnswerLease } from './answer-budget.ts';
import { limitConnecting, connectTimeoutMs } from '../limit-connecting.ts';
import type { WireFailure, WireResponse } from './outcome.ts';
import type { Query } from '../../model/rocketchat.ts';
import type { TlsIdentity } from './tls-identity.ts';

/** What makes the connections: the agent of the scheme that the workspace's address has. */
export type ClientAgents = { readonly http: HttpAgent } | { readonly https: HttpsAgent };

interface ClientOptions {
  /** The workspace's address without a trailing slash. */
  readonly url: string;
  /** Sent with every request. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Longest time for one request, from the first byte sent to the last one received. */
  readonly requestTimeoutMs: number;
  /** Leads through a proxy; default: straight to the server. The client closes it. */
  readonly agents?: ClientAgents;
  /** Whom to trust and who to be; default: the authorities that Node knows, and nobody. */
  readonly tls?: TlsIdentity;
  /** What all answers in flight may take; default: enough for one request after another. */
  readonly budget?: AnswerBudget;
}

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** Below the workspace's address: `/api/v1/me`. */
  readonly path: string;
  readonly query: Query;
  readonly json?: Readonly<Record<string, string | boolean>>;
  /** Of this request alone. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type WireResult =
  /** The lease ends when the response is no longer needed. */
  | { readonly kind: 'response'; readonly response: WireResponse; readonly lease: AnswerLease }
  | { readonly kind: 'failure'; readonly failure: WireFailure }
  /** `cancelAll` came first. */
  | { readonly kind: 'cancelled' };

/** The one door to the network: one request, one answer, no judgement about it. Never throws. */
export interface Client {
  send(request: WireRequest): Promise<WireResult>;
  /** Adds headers to every later request: the login, once there is one. */
  authorize(headers: Readonly<Record<string, string>>): void;
  cancelAll(): void;
  /** Closes the kept sockets. */
  close(): void;
}

/** A server that works on a large page sends nothing meanwhile; after this long without a byte it hangs. */
export const idleTimeoutMs = 60_000;

/**
 * Everything of got that judges an answer or sends a second request is off: each request is counted, and the rate budget
 * must know of it. Its timers are, too: they begin with the socket, and through a proxy there is none at first.
 * HTTP/2 is off: Rocket.Chat itself does not speak it, and on Node 20 sessions broke off (ERR_HTTP2_SESSION_ERROR) within
 * some hundred pages from a server of node:http2.
 */
const lean = got.extend({
  retry: { limit: 0 },
  followRedirect: false,
  throwHttpErrors: false,
  // Below, in one go and within a bound: a stream of small inflated chunks costs more than all else.
  decompress: false,
});

export function createClient({
  url,
  headers,
  requestTimeoutMs,
  agents: given,
  tls = {},
  budget = new AnswerBudget(1),
}: ClientOptions): Client {
  const isTls = url.startsWith('https:');
  const agents =
    given ?? (isTls ? { https: new HttpsAgent({ keepAlive: true }) } : { http: new HttpAgent({ keepAlive: true }) });
  const inFlight = new Set<() => void>();
  const idleMs = Math.min(idleTimeoutMs, requestTimeoutMs);
  // Extended once: got checks and merges anew whatever a single request adds.
  let door = lean.extend({
    agent: agents,
    https: {
      ...(tls.ca !== undefined && { certificateAuthority: tls.ca }),
      ...(tls.cert !== undefined && { certificate: tls.cert }),
      ...(tls.key !== undefined && { key: tls.key }),
    },
    headers: {
      accept: 'application/json',
      'accept-encoding': 'gzip',
      'user-agent': `${tool.name}/${tool.version}`,
      ...headers,
    },
  });

  /** Resolves with the first thing that happens; whatever the socket says afterwards is no longer of interest. */
  function exchange(wire: WireRequest): Promise<WireResult> {
    const { method, path, query, json, headers: own } = wire;
    return new Promise((resolve) => {
      const search = Object.keys(query).length === 0 ? '' : `?${encodeQuery(query)}`;
      // Without a body got would wait for somebody to write one.
      const content = json === undefined ? { body: '' } : { json };
      const stream = door.stream(
        url + path + search,
        method === 'GET' ? {} : { method, ...content, ...(own !== undefined && { headers: own }) },
      );
      const lease = budget.lease();
      const late = (): void =>
        giveUp({ kind: 'failure', failure: { code: 'ETIMEDOUT', message: 'no answer in time' } });
      let isSettled = false;
      let timer = setTimeout(late, requestTimeoutMs);
      const settle = (result: WireResult): void => {
        if (isSettled) return;
        isSettled = true;
        clearTimeout(timer);
        inFlight.delete(cancel);
        if (result.kind !== 'response') lease.end();
        resolve(result);
      };
      const giveUp = (result: WireResult): void => {
        settle(result);
        stream.destroy();
      };
      const fail = (error: unknown): void => giveUp({ kind: 'failure', failure: readFailure(error) });
      const cancel = (): void => giveUp({ kind: 'cancelled' });
      inFlight.add(cancel);

      /** Waiting for other answers is not the server's fault, and takes none of its time. */
      const untimed = async <T>(wait: Promise<T>, setIdleTimeout: (timeoutMs: number) => void): Promise<T> => {
        clearTimeout(timer);
        setIdleTimeout(0);
        const result = await wait;
        if (!isSettled) timer = setTimeout(late, requestTimeoutMs);
        setIdleTimeout(idleMs);
        return result;
      };

      stream.on('error', fail);
      stream.on('request', (request: ClientRequest) => {
        request.setTimeout(idleMs, late);
        limitConnecting(request, isTls, Math.min(connectTimeoutMs, requestTimeoutMs), late);
        request.once('proxyConnect', ({ statusCode }: { readonly statusCode?: number }) => {
          if (isTls && statusCode !== 200) fail(codedError('ERR_PROXY_REFUSED', String(statusCode)));
        });
      });
      stream.on('response', (response: IncomingMessage) => {
        const { statusCode: status = 0, headers: responseHeaders } = response;
        const body = new AnswerBody(lease, responseHeaders);
        stream.on('data', (chunk: Buffer) => {
          const room = body.take(chunk);
          if (room === undefined) return;
          stream.pause();
          void untimed(room, (timeoutMs) => response.setTimeout(timeoutMs)).then((fits) =>
            fits ? stream.resume() : fail(answerTooLarge()),
          );
        });
        stream.on('end', () => {
          clearTimeout(timer);
          body
            .decode()
            .then((decoded) =>
              settle({ kind: 'response', response: { status, headers: responseHeaders, body: decoded }, lease }),
            )
            .catch(fail);
        });
      });
    });
  }

  return {
    // Headers that HTTP cannot carry throw at once.
    send: (request) => exchange(request).catch((error: unknown) => ({ kind: 'failure', failure: readFailure(error) })),
    authorize(more) {
      door = door.extend({ headers: more });
    },
    cancelAll() {
      for (const cancel of inFlight) cancel();
    },
    close() {
      ('http' in agents ? agents.http : agents.https).destroy();
    },
  };
}

function encodeQuery(query: Query): string {
  return new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

/** An error may hold the request with all its headers: only words and the code go on. */
function readFailure(error: unknown): WireFailure {
  // Not instanceof Error: Node's own errors may come from another realm (a vm context, as in tests).
  if (typeof error !== 'object' || error === null) return { code: 'unknown', message: 'an unknown failure' };
  const code = errorCode(error) ?? 'unknown';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  return { code, message: message === '' ? code : message };
}
