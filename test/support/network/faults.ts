import { gzipSync } from 'node:zlib';
import { createPrng } from '../../../src/demo/sample/prng.ts';
import type { Exchange } from '../../../src/demo/server/exchange.ts';
import { send } from '../../../src/demo/server/server.ts';

/** What goes wrong with one request. */
export type Fault =
  /** The connection is reset before a byte of the answer. */
  | { readonly kind: 'reset' }
  /** Headers and half of the body come, then the connection is reset. */
  | { readonly kind: 'reset-mid-body' }
  /** Half of the body comes as if it were the whole. */
  | { readonly kind: 'truncated-json' }
  /** 200 without a body. */
  | { readonly kind: 'empty-body' }
  /** A proxy answers for the server, in HTML. */
  | { readonly kind: 'error-page'; readonly status: 500 | 502 | 503 | 504; readonly retryAfterSeconds?: number }
  /** A single sign-on proxy answers 200 with its form. */
  | { readonly kind: 'login-page' }
  /** Nothing ever comes. */
  | { readonly kind: 'hang' }
  /** The answer comes in small pieces with pauses. */
  | { readonly kind: 'slow-drip'; readonly pieceBytes: number; readonly pauseMs: number }
  /** Another client behind the same address has used the window up. */
  | { readonly kind: 'rate-limited'; readonly waitMs: number; readonly withoutHeaders?: true }
  /** A proxy compresses whatever the client accepts. */
  | { readonly kind: 'gzip' }
  | { readonly kind: 'redirect'; readonly status: 301 | 302 | 307 | 308; readonly location: string }
  /** Any other answer. */
  | { readonly kind: 'answer'; readonly status: number; readonly contentType: string; readonly body: string };

/** Which fault a request meets; null: none. */
export type FaultPlan = (exchange: Exchange) => Fault | null;

/** Faults by the number of the request, counted from 1 over all requests of the server. */
export function faultsAt(faults: Readonly<Record<number, Fault>>): FaultPlan {
  return ({ number }) => faults[number] ?? null;
}

/** Faults by the number of the request to one endpoint, counted from 1. */
export function faultsOf(endpoint: string, faults: Readonly<Record<number, Fault>>): FaultPlan {
  let count = 0;
  return (exchange) => {
    if (exchange.endpoint !== endpoint) return null;
    count += 1;
    return faults[count] ?? null;
  };
}

/** Meets a share of all requests with one of the faults; the same seed gives the same sequence. */
export function randomFaults(seed: number, share: number, faults: readonly Fault[]): FaultPlan {
  const prng = createPrng(seed);
  return () => (prng.chance(share) ? prng.pick(faults) : null);
}

/** What the server says to whom it does not let read. */
export const unauthorized: Fault = {
  ...{ kind: 'answer', status: 403, contentType: 'application/json' },
  body: '{"success":false,"error":"unauthorized"}',
};

/** A `Rules.intercept` that inflicts the plan's faults. */
export function inflict(plan: FaultPlan): (exchange: Exchange) => boolean {
  return (exchange) => {
    const fault = plan(exchange);
    if (fault !== null) commit(fault, exchange);
    return fault !== null;
  };
}

/** Interceptors in turn, until one takes the response over: live changes first, say, then faults. */
export function interceptInTurn(
  ...interceptors: readonly ((exchange: Exchange) => boolean)[]
): (exchange: Exchange) => boolean {
  return (exchange) => interceptors.some((intercept) => intercept(exchange));
}

function commit(fault: Fault, exchange: Exchange): void {
  const { request, response } = exchange;
  switch (fault.kind) {
    case 'reset':
      request.socket.resetAndDestroy();
      return;
    case 'reset-mid-body': {
      const { status, headers, body } = exchange.reply();
      response.writeHead(status, { ...headers, 'content-length': body.length });
      response.write(body.subarray(0, body.length >> 1), () => request.socket.resetAndDestroy());
      return;
    }
    case 'truncated-json': {
      const reply = exchange.reply();
      send(response, { ...reply, body: reply.body.subarray(0, reply.body.length >> 1) });
      return;
    }
    case 'empty-body':
      respond(exchange, 200, {}, '');
      return;
    case 'error-page': {
      const retry = fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) };
      respond(
        exchange,
        fault.status,
        { 'content-type': 'text/html', ...retry },
        page(`${fault.status} from the proxy`),
      );
      return;
    }
    case 'login-page':
      respond(exchange, 200, { 'content-type': 'text/html; charset=utf-8' }, page('Sign in to continue'));
      return;
    case 'hang':
      return;
    case 'slow-drip':
      drip(exchange, fault.pieceBytes, fault.pauseMs);
      return;
    case 'rate-limited': {
      const headers = {
        'x-ratelimit-limit': '10',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(exchange.settings.now() + fault.waitMs),
      };
      const seconds = Math.ceil(fault.waitMs / 1000);
      const error = `Error, too many requests. Please slow down. You must wait ${seconds} seconds before trying this endpoint again. [error-too-many-requests]`;
      respond(
        exchange,
        429,
        { 'content-type': 'application/json', ...(fault.withoutHeaders ? {} : headers) },
        JSON.stringify({ success: false, error }),
      );
      return;
    }
    case 'gzip': {
      const reply = exchange.reply();
      if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) send(response, reply);
      else
        send(response, {
          ...reply,
          headers: { ...reply.headers, 'content-encoding': 'gzip', vary: 'accept-encoding' },
          body: gzipSync(reply.body),
        });
      return;
    }
    case 'redirect':
      respond(exchange, fault.status, { location: fault.location }, '');
      return;
    case 'answer':
      respond(exchange, fault.status, { 'content-type': fault.contentType }, fault.body);
      return;
  }
}

function respond(
  { response }: Exchange,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  send(response, { status, headers, body: Buffer.from(body) });
}

function page(title: string): string {
  return `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
}

function drip(exchange: Exchange, pieceBytes: number, pauseMs: number): void {
  const { response } = exchange;
  const { status, headers, body } = exchange.reply();
  response.writeHead(status, { ...headers, 'content-length': body.length });
  let sent = 0;
  const timer = setInterval(() => {
    const piece = body.subarray(sent, sent + pieceBytes);
    sent += piece.length;
    if (sent >= body.length || response.destroyed) {
      clearInterval(timer);
      response.end(piece);
    } else response.write(piece);
  }, pauseMs);
}
