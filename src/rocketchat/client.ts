import { constants } from 'node:buffer';
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { got } from 'got';
import { tool } from '../version.ts';
import type { WireFailure, WireResponse } from './outcome.ts';
import type { Query } from './rocketchat.ts';
import type { TlsIdentity } from './tls-identity.ts';

/** What makes the connections: the agent of the scheme that the workspace's address has. */
export type ClientAgents = { readonly http: HttpAgent } | { readonly https: HttpsAgent };

export interface ClientOptions {
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
}

export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** Below the workspace's address: `/api/v1/me`. */
  readonly path: string;
  readonly query: Query;
  readonly json?: Readonly<Record<string, string>>;
  /** Longest body to take, decoded. */
  readonly mostBodyBytes?: number;
}

export type WireResult =
  | { readonly kind: 'response'; readonly response: WireResponse }
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

/** The look-up of the name, the connection and TLS. A resolver that gets no answer says so after some ten seconds. */
const connectTimeoutMs = 15_000;

/** A server that works on a large page sends nothing meanwhile; after this long without a byte it hangs. */
const idleTimeoutMs = 60_000;

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

export function createClient({ url, headers, requestTimeoutMs, agents: given, tls = {} }: ClientOptions): Client {
  const isTls = url.startsWith('https:');
  const agents =
    given ?? (isTls ? { https: new HttpsAgent({ keepAlive: true }) } : { http: new HttpAgent({ keepAlive: true }) });
  const inFlight = new Set<() => void>();
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
    const { method, path, query, json, mostBodyBytes = constants.MAX_STRING_LENGTH } = wire;
    return new Promise((resolve) => {
      const search = Object.keys(query).length === 0 ? '' : `?${encodeQuery(query)}`;
      // Without a body got would wait for somebody to write one.
      const content = json === undefined ? { body: '' } : { json };
      const stream = door.stream(url + path + search, method === 'GET' ? {} : { method, ...content });
      const late = (): void =>
        giveUp({ kind: 'failure', failure: { code: 'ETIMEDOUT', message: 'no answer in time' } });
      const timer = setTimeout(late, requestTimeoutMs);
      let chunks: Buffer[] = [];
      let sizeBytes = 0;
      const settle = (result: WireResult): void => {
        clearTimeout(timer);
        inFlight.delete(cancel);
        // The socket outlives the request, and would keep the bytes through several collections of garbage.
        chunks = [];
        resolve(result);
      };
      const giveUp = (result: WireResult): void => {
        settle(result);
        stream.destroy();
      };
      const fail = (error: unknown): void => giveUp({ kind: 'failure', failure: readFailure(error) });
      const cancel = (): void => giveUp({ kind: 'cancelled' });
      inFlight.add(cancel);

      stream.on('error', fail);
      stream.on('request', (request: ClientRequest) => {
        request.setTimeout(Math.min(idleTimeoutMs, requestTimeoutMs), late);
        limitConnecting(request, isTls, Math.min(connectTimeoutMs, requestTimeoutMs), late);
        request.once('proxyConnect', ({ statusCode }: { readonly statusCode?: number }) => {
          if (isTls && statusCode !== 200) fail(codedError('ERR_PROXY_REFUSED', String(statusCode)));
        });
      });
      stream.on('response', (response: IncomingMessage) => {
        const { statusCode: status = 0, headers: responseHeaders } = response;
        stream.on('end', () => {
          try {
            const body = inflate(Buffer.concat(chunks, sizeBytes), responseHeaders['content-encoding'], mostBodyBytes);
            settle({ kind: 'response', response: { status, headers: responseHeaders, body } });
          } catch (error) {
            settle({ kind: 'failure', failure: readFailure(error) });
          }
        });
      });
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        sizeBytes += chunk.length;
        if (sizeBytes > mostBodyBytes) fail(tooLarge());
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

/**
 * From the start, not from the socket on: through a proxy there is none before the proxy has connected. One that is kept is
 * connected already.
 */
function limitConnecting(request: ClientRequest, isTls: boolean, limitMs: number, onLate: () => void): void {
  if (request.reusedSocket) return;
  const timer = setTimeout(onLate, limitMs);
  const stop = (): void => clearTimeout(timer);
  request.once('close', stop);
  request.once('socket', (socket) => {
    if (!isTls && !socket.connecting) stop();
    else socket.once(isTls ? 'secureConnect' : 'connect', stop);
  });
}

function encodeQuery(query: Query): string {
  return new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

/** Large chunks keep the number of copies low; more than a string can hold could not be parsed. */
function inflate(body: Buffer, encoding: string | undefined, mostBytes: number): Buffer {
  const kind = encoding?.toLowerCase() ?? 'identity';
  if (kind === 'gzip' || kind === 'x-gzip') {
    return gunzipSync(body, { chunkSize: 256 * 1024, maxOutputLength: mostBytes });
  }
  if (kind === 'identity' || kind === '') return body;
  throw codedError('ERR_CONTENT_ENCODING', 'The answer is in an encoding that was not asked for');
}

function tooLarge(): Error {
  return codedError('ERR_BUFFER_TOO_LARGE', 'The answer is too large');
}

function codedError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** An error may hold the request with all its headers: only words and the code go on. */
function readFailure(error: unknown): WireFailure {
  // Not instanceof Error: Node's own errors may come from another realm (a vm context, as in tests).
  if (typeof error !== 'object' || error === null) return { code: 'unknown', message: 'an unknown failure' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  const message = 'message' in error && typeof error.message === 'string' ? error.message : '';
  return { code, message: message === '' ? code : message };
}
