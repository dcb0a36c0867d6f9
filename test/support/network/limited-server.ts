import type { Clock } from '../../../src/system/clock.ts';
import { AnswerBudget } from '../../../src/rocketchat/http/answer-budget.ts';
import type { Client, WireResult } from '../../../src/rocketchat/http/client.ts';

export interface Limits {
  readonly calls: number;
  readonly windowMs: number;
  /** Server's clock minus ours. */
  readonly skewMs?: number;
  /** One way. */
  readonly latencyMs?: (request: number) => number;
  readonly headers?: boolean;
  /** Tell the seconds to wait in the body of a 429. */
  readonly seconds?: boolean;
  readonly date?: boolean;
  /** The login has the permission to bypass the limiter, which counts its calls and tells so all the same. */
  readonly bypassed?: boolean;
}

export interface LimitedServer {
  readonly client: Client;
  /** One call from another client behind the same address. */
  readonly foreignCall: (endpoint: string) => void;
  /** Our accepted calls in each window, by endpoint path. */
  readonly accepted: (endpoint: string) => readonly number[];
  readonly rejected: () => number;
}

interface Limiter {
  endsAtMs: number;
  count: number;
  readonly accepted: number[];
}

/**
 * Rocket.Chat's rate limiter in virtual time: fixed windows that begin with the first call after the last one ended,
 * all clients and rejected calls counted.
 */
export function limitedServer(clock: Clock, limits: Limits): LimitedServer {
  const limiters = new Map<string, Limiter>();
  const { calls, windowMs, skewMs = 0, latencyMs = () => 5, headers: withHeaders = true } = limits;
  let requests = 0;
  let rejected = 0;

  function count(path: string): { limiter: Limiter; serverMs: number } {
    const serverMs = clock.now() + skewMs;
    let limiter = limiters.get(path);
    if (limiter === undefined) limiters.set(path, (limiter = { endsAtMs: -Infinity, count: 0, accepted: [] }));
    if (serverMs > limiter.endsAtMs) {
      limiter.endsAtMs = serverMs + windowMs;
      limiter.count = 0;
      limiter.accepted.push(0);
    }
    limiter.count++;
    return { limiter, serverMs };
  }

  async function send(path: string): Promise<WireResult> {
    const request = requests++;
    await clock.sleep(latencyMs(request));
    const { limiter, serverMs } = count(path);
    const no = limiter.count > calls && limits.bypassed !== true;
    if (no) rejected++;
    else limiter.accepted[limiter.accepted.length - 1] = (limiter.accepted.at(-1) ?? 0) + 1;
    const waitSeconds = Math.ceil((limiter.endsAtMs - serverMs) / 1000);
    const told =
      limits.seconds === false
        ? 'later'
        : `You must wait ${String(waitSeconds)} seconds before trying this endpoint again.`;
    const headers = {
      ...(limits.date === false ? {} : { date: new Date(Math.floor(serverMs / 1000) * 1000).toUTCString() }),
      ...(withHeaders
        ? {
            'x-ratelimit-limit': String(calls),
            'x-ratelimit-remaining': String(Math.max(0, calls - limiter.count)),
            'x-ratelimit-reset': String(limiter.endsAtMs),
          }
        : {}),
    };
    await clock.sleep(latencyMs(request + 1));
    const body = no
      ? { success: false, error: `Error, too many requests. ${told} [error-too-many-requests]` }
      : { success: true };
    const response = { status: no ? 429 : 200, headers, body: Buffer.from(JSON.stringify(body)) };
    return { kind: 'response', response, lease: new AnswerBudget(1).lease() };
  }

  return {
    client: {
      send: ({ path }) => send(path),
      authorize: () => undefined,
      cancelAll: () => undefined,
      close: () => undefined,
    },
    foreignCall: (endpoint) => void count(`/api/v1/${endpoint}`),
    accepted: (endpoint) => limiters.get(`/api/v1/${endpoint}`)?.accepted ?? [],
    rejected: () => rejected,
  };
}
