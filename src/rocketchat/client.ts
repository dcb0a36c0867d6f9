import { constants } from 'node:buffer';
import { type ClientRequest, Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { tool } from '../version.ts';
import type { WireFailure, WireResponse } from './outcome.ts';
import type { Query } from './rocketchat.ts';

export interface ClientOptions {
  /** The workspace's address without a trailing slash. */
  readonly url: string;
  /** Sent with every request. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Longest time for one request, from the first byte sent to the last one received. */
  readonly requestTimeoutMs: number;
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
 * By node:http: the retries, redirects and hooks of a client library would all be switched off here, and every page would
 * pay for them in CPU, which is what bounds a run over a server without a rate limit.
 */
export function createClient({ url, headers, requestTimeoutMs }: ClientOptions): Client {
  const isTls = url.startsWith('https:');
  const agent = new (isTls ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const inFlight = new Set<() => void>();
  let sent: Readonly<Record<string, string>> = {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'user-agent': `${tool.name}/${tool.version}`,
    ...headers,
  };

  /** Answers with the first thing that happens; whatever the socket says afterwards is no longer of interest. */
  function exchange({
    method,
    path,
    query,
    json,
    mostBodyBytes = constants.MAX_STRING_LENGTH,
  }: WireRequest): Promise<WireResult> {
    return new Promise((resolve) => {
      const content = json === undefined ? undefined : JSON.stringify(json);
      const search = Object.keys(query).length === 0 ? '' : `?${encodeQuery(query)}`;
      const request = (isTls ? requestHttps : requestHttp)(url + path + search, {
        agent,
        method,
        headers: content === undefined ? sent : { ...sent, 'content-type': 'application/json' },
        timeout: Math.min(idleTimeoutMs, requestTimeoutMs),
      });
      const late = (): void =>
        giveUp({ kind: 'failure', failure: { code: 'ETIMEDOUT', message: 'no answer in time' } });
      const timer = setTimeout(late, requestTimeoutMs);
      const settle = (result: WireResult): void => {
        clearTimeout(timer);
        inFlight.delete(cancel);
        resolve(result);
      };
      const giveUp = (result: WireResult): void => {
        settle(result);
        request.destroy();
      };
      const fail = (error: unknown): void => giveUp({ kind: 'failure', failure: readFailure(error) });
      const cancel = (): void => giveUp({ kind: 'cancelled' });
      inFlight.add(cancel);

      request.on('error', fail).on('timeout', late);
      limitConnecting(request, isTls ? 'secureConnect' : 'connect', Math.min(connectTimeoutMs, requestTimeoutMs), late);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let sizeBytes = 0;
        response.on('error', fail);
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          sizeBytes += chunk.length;
          if (sizeBytes > mostBodyBytes) fail(tooLarge());
        });
        response.on('end', () => {
          try {
            const body = inflate(Buffer.concat(chunks, sizeBytes), response.headers['content-encoding'], mostBodyBytes);
            const { statusCode = 0, headers: responseHeaders } = response;
            settle({ kind: 'response', response: { status: statusCode, headers: responseHeaders, body } });
          } catch (error) {
            settle({ kind: 'failure', failure: readFailure(error) });
          }
        });
      });
      request.end(content);
    });
  }

  return {
    // Headers that HTTP cannot carry throw at once.
    send: (request) => exchange(request).catch((error: unknown) => ({ kind: 'failure', failure: readFailure(error) })),
    authorize(more) {
      sent = { ...sent, ...more };
    },
    cancelAll() {
      for (const cancel of inFlight) cancel();
    },
    close() {
      agent.destroy();
    },
  };
}

/** A kept socket is connected already. */
function limitConnecting(
  request: ClientRequest,
  connected: 'connect' | 'secureConnect',
  limitMs: number,
  onLate: () => void,
): void {
  request.on('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(onLate, limitMs);
    const stop = (): void => clearTimeout(timer);
    socket.once(connected, stop).once('close', stop);
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
