import pLimit from 'p-limit';
import type { Clock } from '../../system/clock.ts';
import { RoomError, StoppedError, UnreachableError, type ExportError } from '../../errors.ts';
import type { AnswerLease } from './answer-budget.ts';
import type { AnswerHolder } from './answer-holder.ts';
import type { Budget, NewBudget } from '../pacing/budget.ts';
import type { Settled } from '../pacing/rejections.ts';
import { classifyFailure } from './classify-failure.ts';
import { classifyResponse } from './classify-response.ts';
import { roomIdOf, roomInRun, type Call } from './call.ts';
import type { Client } from './client.ts';
import type { Fault, Outcome, RequestInfo } from './outcome.ts';
import { parseDateHeaderMs, parseRateHeaders } from '../pacing/rate-headers.ts';
import { learnRateLimit } from '../pacing/rate-limit.ts';
import { connectPolicy, delayBeforeRetryMs, runPolicy } from '../pacing/retry.ts';
import type { RoomNames } from '../rooms/room-names.ts';
import { RoomPatience } from '../pacing/room-patience.ts';
import type { Answer, EndpointCounts, RateLimit } from '../../model/rocketchat.ts';
import { tightenSkew, unknownSkew } from '../pacing/server-clock.ts';
import type { Waiting } from '../pacing/waiting.ts';
import { WellServer } from '../pacing/well-server.ts';

/** Requests with patience: the budget before, the retry after. */
export interface Requester {
  /**
   * Of a request that names a room (`roomId`), failures that last are the room's own as long as the server is well.
   *
   * @param holder in whose hands the answer stays in flight; default: it is over with being read
   * @throws as RocketChat.get says; UnreachableError in place of StoppedError while connecting
   */
  call(call: Call, holder?: AnswerHolder): Promise<Answer>;
  counts(): Readonly<Record<string, EndpointCounts>>;
  /** As RocketChat.rateLimits says. */
  rateLimits(): Readonly<Record<string, RateLimit>>;
  /** As RocketChat.serverNowMs says. */
  serverNowMs(): number;
}

interface RequesterOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** Requests in flight at once. */
  readonly concurrency: number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly waiting: Waiting;
  readonly newBudget: NewBudget;
  readonly url: string;
  /** See RequestInfo. */
  readonly proxy?: string;
  readonly secrets: readonly string[];
  readonly roomNames: Pick<RoomNames, 'of'>;
}

interface EndpointTraffic {
  readonly budget: Budget;
  requests: number;
  retries: number;
  rateLimited: number;
  limit: RateLimit | undefined;
}

export function createRequester({
  client,
  concurrency,
  clock,
  random,
  waiting,
  newBudget,
  url,
  proxy,
  secrets,
  roomNames,
}: RequesterOptions): Requester {
  const endpoints = new Map<string, EndpointTraffic>();
  const inFlight = pLimit(concurrency);
  const patience = new RoomPatience();
  const server = new WellServer(clock, () => call({ method: 'GET', endpoint: 'me', phase: 'running' }));
  let skew = unknownSkew;
  let isEnforced = false;

  function endpointOf(name: string): EndpointTraffic {
    let endpoint = endpoints.get(name);
    if (endpoint === undefined) {
      const budget = newBudget({ endpoint: name, clock, waiting, skew: () => skew, isEnforced: () => isEnforced });
      endpoint = { budget, requests: 0, retries: 0, rateLimited: 0, limit: undefined };
      endpoints.set(name, endpoint);
    }
    return endpoint;
  }

  /** Sends once, as soon as the budget allows, and tells the budget what came of it. */
  async function attempt(call: Call, endpoint: EndpointTraffic, info: RequestInfo): Promise<Attempted> {
    const permit = await endpoint.budget.acquire();
    let observation: Settled = { kind: 'failure' };
    try {
      const path = call.endpoint.startsWith('/') ? call.endpoint : `/api/v1/${call.endpoint}`;
      const { result, sentAtMs } = await inFlight(async () => {
        waiting.throwIfAborted();
        endpoint.requests++;
        return {
          sentAtMs: clock.now(),
          result: await client.send({ ...call, path, query: info.query }),
        };
      });
      const receivedAtMs = clock.now();
      if (result.kind === 'cancelled') waiting.throwIfAborted();
      if (result.kind === 'cancelled') throw new StoppedError('The connection to the server was closed');
      const outcome =
        result.kind === 'response' ? classifyResponse(result.response, info) : classifyFailure(result.failure, info);
      if (result.kind === 'response') {
        const headers = parseRateHeaders(result.response.headers);
        const dateMs = parseDateHeaderMs(result.response.headers);
        endpoint.limit = learnRateLimit(endpoint.limit, result.response.headers, receivedAtMs);
        skew = tightenSkew(skew, { sentAtMs, receivedAtMs, dateMs, resetAtMs: headers?.resetAtMs });
        observation =
          outcome.kind === 'rate-limited'
            ? { kind: 'rejected', headers, retryAfterMs: outcome.retryAfterMs, receivedAtMs }
            : { kind: 'answer', headers, receivedAtMs };
      }
      isEnforced ||= outcome.kind === 'rate-limited';
      const tookMs = receivedAtMs - sentAtMs;
      if (result.kind !== 'response') return { outcome, tookMs, body: nothing };
      if (outcome.kind === 'ok') return { outcome, tookMs, body: result.response.body, lease: result.lease };
      result.lease.end();
      return { outcome, tookMs, body: nothing };
    } finally {
      permit.settle(observation);
    }
  }

  async function call(request: Call, holder?: AnswerHolder): Promise<Answer> {
    holder?.begin();
    let lease: AnswerLease | undefined;
    try {
      const received = await patiently(request);
      lease = received.lease;
      return received.answer;
    } finally {
      if (holder === undefined) lease?.end();
      else holder.receive(lease);
    }
  }

  /** Sends until an answer counts, or nothing more is to be hoped for. */
  async function patiently(request: Call): Promise<{ readonly answer: Answer; readonly lease?: AnswerLease }> {
    const endpoint = endpointOf(request.endpoint);
    const roomName = roomNames.of(roomIdOf(request));
    const info: RequestInfo = {
      ...request,
      query: request.query ?? {},
      url,
      secrets,
      ...(proxy !== undefined && { proxy }),
      ...(roomName !== undefined && { roomName }),
    };
    const roomId = roomInRun(request);
    const beganMs = clock.now();
    for (let failures = 0; ;) {
      const { outcome, body, tookMs, lease } = await attempt(request, endpoint, info);
      switch (outcome.kind) {
        case 'ok':
          return {
            answer: { body, value: outcome.value, ...(outcome.extent && { extent: outcome.extent }) },
            ...(lease !== undefined && { lease }),
          };
        case 'permanent':
          throw outcome.error;
        case 'login-refused':
          if (request.phase === 'connecting' || request.endpoint === 'me') throw outcome.error;
          await server.confirmSince(beganMs);
          throw outcome.otherwise;
        case 'rate-limited':
          // Not a failure: the budget makes the next attempt wait.
          endpoint.rateLimited++;
          break;
        case 'transient': {
          failures++;
          if (roomId !== undefined) patience.spend(roomId, tookMs);
          const pauseMs = pauseBeforeRetryMs(request, failures, outcome);
          if (pauseMs === undefined) throw await exhausted(request, outcome.error, failures, beganMs);
          await waiting.beforeRetry(request.endpoint, pauseMs, failures, outcome.error.message);
          if (roomId !== undefined) patience.spend(roomId, pauseMs);
          endpoint.retries++;
        }
      }
    }
  }

  /** undefined: not again. */
  function pauseBeforeRetryMs(request: Call, failures: number, outcome: Transient): number | undefined {
    const roomId = roomInRun(request);
    if (request.once === true || (roomId !== undefined && patience.isSpent(roomId))) return undefined;
    const running = roomId === undefined ? runPolicy : patience.policyFor(roomId);
    const policy = request.phase === 'connecting' ? connectPolicy : running;
    const delayMs = delayBeforeRetryMs(failures, policy, random());
    if (delayMs === undefined) return undefined;
    return Math.max(delayMs, Math.min(outcome.retryAfterMs ?? 0, policy.longestDelayMs));
  }

  /** @throws what an ill server ends the run with */
  async function exhausted(request: Call, fault: Fault, attempts: number, beganMs: number): Promise<ExportError> {
    const words = `${fault.message}; tried ${attempts === 1 ? 'once' : `${String(attempts)} times`}`;
    const { hint, cause } = fault;
    const details = { ...(hint === undefined ? {} : { hint }), ...(cause === undefined ? {} : { cause }) };
    if (request.phase === 'connecting') return new UnreachableError(words, details);
    const roomId = roomInRun(request);
    if (roomId === undefined) {
      return new StoppedError(words, {
        ...details,
        hint: 'What was read is saved: run the same command again to resume when the server is well',
      });
    }
    patience.suspect(roomId);
    await server.confirmSince(beganMs);
    return new RoomError(fault.reason, words, {
      ...details,
      hint: 'The server responds to other requests: the next run tries this room again',
    });
  }

  return {
    call,
    counts: () =>
      Object.fromEntries(
        [...endpoints].map(([name, { budget, requests, retries, rateLimited }]) => [
          name,
          { requests, retries, rateLimited, waitedMs: budget.waitedMs() },
        ]),
      ),
    serverNowMs: () => clock.now() + (skew.lowMs === -Infinity ? 0 : skew.lowMs),
    rateLimits: () =>
      Object.fromEntries([...endpoints].flatMap(([name, { limit }]) => (limit === undefined ? [] : [[name, limit]]))),
  };
}

interface Attempted {
  readonly outcome: Outcome;
  readonly tookMs: number;
  readonly body: Buffer;
  /** Of an answer that is `ok`. */
  readonly lease?: AnswerLease;
}

const nothing = Buffer.alloc(0);

type Transient = Extract<Outcome, { kind: 'transient' }>;
