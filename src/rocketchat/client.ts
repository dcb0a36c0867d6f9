import { constants } from 'node:buffer';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { gunzipSync } from 'node:zlib';
import got, { type Got } from 'got';
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

const connectTimeoutMs = 10_000;

/** A server that works on a large page sends nothing meanwhile; after this long without a byte it hangs. */
const idleTimeoutMs = 60_000;

export function createClient({ url, headers, requestTimeoutMs }: ClientOptions): Client {
  const agent = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  const inFlight = new Set<{ cancel: () => void }>();
  // Extended once: got checks and merges options anew for whatever a single request adds.
  let client: Got = got.extend({
    agent,
    headers: { accept: 'application/json', 'accept-encoding': 'gzip', ...headers },
    timeout: {
      connect: Math.min(connectTimeoutMs, requestTimeoutMs),
      secureConnect: Math.min(connectTimeoutMs, requestTimeoutMs),
      socket: Math.min(idleTimeoutMs, requestTimeoutMs),
      request: requestTimeoutMs,
    },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    responseType: 'buffer',
    // Below, in one go: a stream of small inflated chunks costs more than the rest of the request.
    decompress: false,
  });

  return {
    async send({ method, path, query, json }) {
      const search = Object.keys(query).length === 0 ? '' : `?${encodeQuery(query)}`;
      const pending = client(url + path + search, {
        ...(method === 'GET' ? {} : { method }),
        ...(json === undefined ? {} : { json }),
      });
      inFlight.add(pending);
      try {
        const { statusCode, headers: responseHeaders, rawBody } = await pending;
        const body = inflate(rawBody, responseHeaders['content-encoding']);
        return { kind: 'response', response: { status: statusCode, headers: responseHeaders, body } };
      } catch (error) {
        return pending.isCanceled ? { kind: 'cancelled' } : { kind: 'failure', failure: readFailure(error) };
      } finally {
        inFlight.delete(pending);
      }
    },
    authorize(more) {
      client = client.extend({ headers: more });
    },
    cancelAll() {
      for (const pending of inFlight) pending.cancel();
    },
    close() {
      agent.http.destroy();
      agent.https.destroy();
    },
  };
}

function encodeQuery(query: Query): string {
  return new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

/** Large chunks keep the number of copies low; more than a string can hold could not be parsed anyway. */
function inflate(body: Buffer, encoding: string | undefined): Buffer {
  const kind = encoding?.toLowerCase() ?? 'identity';
  if (body.length > constants.MAX_STRING_LENGTH) throw codedError('ERR_BUFFER_TOO_LARGE', 'The answer is too large');
  if (kind === 'gzip' || kind === 'x-gzip') {
    return gunzipSync(body, { chunkSize: 256 * 1024, maxOutputLength: constants.MAX_STRING_LENGTH });
  }
  if (kind === 'identity' || kind === '') return body;
  throw codedError('ERR_CONTENT_ENCODING', 'The answer is in an encoding that was not asked for');
}

function codedError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** got's errors hold the request with all its headers: only words and the code go on. */
function readFailure(error: unknown): WireFailure {
  if (!(error instanceof Error)) return { code: 'unknown', message: 'an unknown failure' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  return { code, message: error.message === '' ? code : error.message };
}
