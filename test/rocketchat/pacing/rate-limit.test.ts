import { AnswerBudget } from '../../../src/rocketchat/http/answer-budget.ts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pLimit from 'p-limit';
import { InterruptedError, StoppedError } from '../../../src/errors.ts';
import { createRequester, type Requester } from '../../../src/rocketchat/http/requester.ts';
import { RoomNames } from '../../../src/rocketchat/rooms/room-names.ts';
import { createBudget } from '../../../src/rocketchat/pacing/budget.ts';
import { createWaiting, type WaitEvent } from '../../../src/rocketchat/pacing/waiting.ts';
import { limitedServer, type LimitedServer, type Limits } from '../../support/network/limited-server.ts';
import { skippingClock, type SkippingClock } from '../../support/clocks/skipping-clock.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

interface Bench {
  readonly clock: SkippingClock;
  readonly server: LimitedServer;
  readonly requester: Requester;
  readonly events: WaitEvent[];
  readonly abort: AbortController;
  readonly read: (requests: number, concurrency: number, endpoint?: string) => Promise<unknown>;
}

function bench(
  limits: Limits,
  maxWaitMs = Infinity,
  serve: (clock: SkippingClock) => LimitedServer = (clock) => limitedServer(clock, limits),
): Bench {
  const clock = skippingClock();
  const server = serve(clock);
  const events: WaitEvent[] = [];
  const abort = new AbortController();
  const waiting = createWaiting({ clock, signal: abort.signal, maxWaitMs, onWait: (event) => events.push(event) });
  const requester = createRequester({
    roomNames: new RoomNames(),
    client: server.client,
    clock,
    concurrency: 16,
    random: () => 0,
    waiting,
    newBudget: createBudget,
    url: 'http://chat.test',
    secrets: [],
  });
  return {
    clock,
    server,
    requester,
    events,
    abort,
    read: (requests, concurrency, endpoint = 'groups.messages') => {
      const limit = pLimit(concurrency);
      const call = () => requester.call({ method: 'GET', endpoint, phase: 'running' });
      return Promise.all(Array.from({ length: requests }, () => limit(call)));
    },
  };
}

const defaults: Limits = { calls: 10, windowMs: 60_000 };

/** Says no to every call, with these headers, until `untilMs` of the virtual time. */
function refusing(headers: (nowMs: number) => Readonly<Record<string, string>>, lastsMs: number) {
  return (clock: SkippingClock): LimitedServer => {
    const server = limitedServer(clock, { calls: Number.POSITIVE_INFINITY, windowMs: 1, headers: false });
    const startMs = clock.now();
    let rejected = 0;
    const send: typeof server.client.send = async (request) => {
      await clock.sleep(5);
      if (clock.now() - startMs > lastsMs) return server.client.send(request);
      rejected++;
      const response = { status: 429, headers: headers(clock.now()), body: Buffer.from('{}') };
      return { kind: 'response', response, lease: new AnswerBudget(1).lease() };
    };
    return { ...server, client: { ...server.client, send }, rejected: () => rejected };
  };
}

describe('the rate limit', () => {
  it('is spent to the last call in every window, and overdrawn once to see that it is one, eight requests in flight', async () => {
    const { clock, server, read, requester } = bench({ ...defaults, latencyMs: (n) => 5 + ((n * 37) % 400) });
    const startMs = clock.now();
    await clock.run(read(75, 8));
    expect(server.accepted('groups.messages')).toEqual([10, 10, 10, 10, 10, 10, 10, 5]);
    expect(server.rejected()).toBe(1);
    // Seven windows in full; between two of them nothing but the margin and a round trip.
    expect(clock.now() - startMs).toBeLessThan(7 * 61_500);
    expect(requester.counts()['groups.messages']).toMatchObject({ requests: 76, retries: 0, rateLimited: 1 });
  });

  it('is respected from a window that somebody else has begun to spend', async () => {
    const { clock, server, read } = bench(defaults);
    for (let call = 0; call < 7; call++) server.foreignCall('groups.messages');
    await clock.run(read(25, 8));
    expect(server.accepted('groups.messages')).toEqual([3, 10, 10, 2]);
    expect(server.rejected()).toBe(1);
  });

  it('holds whatever the limit, the window, the latency, the concurrency and the clocks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          calls: fc.integer({ min: 1, max: 30 }),
          windowMs: fc.integer({ min: 2_000, max: 90_000 }),
          // Apart by more than a second: less is taken for agreement until a 429 disproves it.
          skewMs: fc.oneof(
            fc.constant(0),
            fc.integer({ min: 1_100, max: 1e8 }),
            fc.integer({ min: -1e8, max: -2_100 }),
          ),
          slowestMs: fc.integer({ min: 1, max: 900 }),
          concurrency: fc.integer({ min: 1, max: 16 }),
        }),
        async ({ calls, windowMs, skewMs, slowestMs, concurrency }) => {
          const latencyMs = (n: number) => 1 + ((n * 7919) % slowestMs);
          const { clock, server, read } = bench({ calls, windowMs, skewMs, latencyMs });
          await clock.run(read(calls * 3 + 1, concurrency));
          // Asked once whether it holds for this login at all, unless that window was over by then.
          expect(server.rejected()).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: quickOrLong(30, 500) },
    );
  });

  it.each([3_600_000, -3_600_000, 400, -400, 900, -900])(
    'needs at most one 429 more to see through a clock %d ms off',
    async (skewMs) => {
      const { clock, server, read } = bench({ ...defaults, skewMs });
      const startMs = clock.now();
      await clock.run(read(75, 8));
      expect(server.rejected()).toBeLessThanOrEqual(Math.abs(skewMs) < 1_000 ? 2 : 1);
      // At most a second lost in each window, where the clocks are known to differ.
      expect(clock.now() - startMs).toBeLessThan(8 * 62_000);
    },
  );

  it('of one endpoint never holds up another', async () => {
    const { clock, requester, read, events } = bench(defaults);
    const startMs = clock.now();
    let mentionsMs = 0;
    const messages = read(25, 4);
    const mentions = read(10, 4, 'chat.getMentionedMessages').then(() => (mentionsMs = clock.now() - startMs));
    await clock.run(Promise.all([messages, mentions]));
    expect(mentionsMs).toBeLessThan(1_000);
    expect(events.every(({ endpoint }) => endpoint === 'groups.messages')).toBe(true);
    expect(requester.counts()['chat.getMentionedMessages']?.waitedMs).toBe(0);
    expect(requester.counts()['groups.messages']?.waitedMs).toBeGreaterThan(119_000);
  });

  it('is waited for as told while another client storms the endpoint, and the 429s are counted', async () => {
    const { clock, server, read, requester } = bench(defaults);
    let storming = true;
    const storm = (async () => {
      for (let second = 0; second < 300; second++) {
        for (let call = 0; call < 20; call++) server.foreignCall('groups.messages');
        await clock.sleep(1_000);
      }
      storming = false;
    })();
    await clock.run(Promise.all([storm, read(20, 8)]));
    expect(storming).toBe(false);
    // One probe a window, not one from each of the eight.
    expect(server.rejected()).toBeLessThanOrEqual(6);
    expect(requester.counts()['groups.messages']).toMatchObject({ rateLimited: server.rejected(), retries: 0 });
  });

  it('without headers is believed to be none, until a 429 tells the seconds', async () => {
    const { clock, server, read } = bench({ ...defaults, headers: false });
    await clock.run(read(40, 8));
    expect(server.accepted('groups.messages')).toEqual([10, 10, 10, 10]);
    // The first window costs what was in flight; from then on one request asks at a time.
    expect(server.rejected()).toBeLessThanOrEqual(8 + 3);
  });

  it('without headers and without seconds is waited for a minute', async () => {
    const { clock, server, read } = bench({ ...defaults, headers: false, seconds: false });
    await clock.run(read(30, 1));
    expect(server.accepted('groups.messages')).toEqual([10, 10, 10]);
    expect(server.rejected()).toBe(2);
  });

  it('that does not apply costs nothing: all requests but the probe go at once', async () => {
    const { clock, server, read } = bench({ calls: Infinity, windowMs: 1, headers: false, latencyMs: () => 50 });
    const startMs = clock.now();
    await clock.run(read(81, 8));
    expect(clock.now() - startMs).toBe(1_100);
    expect(server.rejected()).toBe(0);
  });

  it('that counts the calls of a login that bypasses it holds up nothing', async () => {
    const { clock, server, read, requester } = bench({ ...defaults, bypassed: true, latencyMs: () => 50 });
    const startMs = clock.now();
    await clock.run(read(400, 8));
    // Ten calls and the one that finds out, then eight at once.
    expect(clock.now() - startMs).toBeLessThan(6_000);
    expect(server.rejected()).toBe(0);
    expect(requester.counts()['groups.messages']).toMatchObject({ requests: 400, waitedMs: 0 });
  });

  it.each([
    ['"Retry-After: 0"', () => ({ 'retry-after': '0' })],
    [
      'a reset in the past and calls remaining',
      (nowMs: number) => ({
        'retry-after': '0',
        'x-ratelimit-limit': '10',
        'x-ratelimit-remaining': '5',
        'x-ratelimit-reset': String(nowMs - 5_000),
      }),
    ],
  ] as const)('that answers 429 with %s is not asked in a hot loop', async (_name, headers) => {
    const { clock, server, read } = bench(defaults, Infinity, refusing(headers, 8_000));
    await clock.run(read(20, 8));
    // 1, 2, 4, 8 seconds apart, and what was in flight with the first.
    expect(server.rejected()).toBeLessThanOrEqual(8 + 4);
  });

  it('that announces more than a day of waiting ends the run, unless the job allows as much', async () => {
    const dayMs = 86_400_000;
    const announce = refusing(() => ({ 'retry-after': String((2 * dayMs) / 1_000) }), 1_000);
    const asked = bench(defaults, Infinity, announce);
    await expect(asked.clock.run(asked.read(1, 1))).rejects.toMatchObject({
      exitCode: 75,
      message: expect.stringContaining('48 h') as unknown,
    });
    expect(asked.clock.sleptMs()).toBeLessThan(1_000);
    const allowed = bench(defaults, 3 * dayMs, announce);
    await allowed.clock.run(allowed.read(1, 1));
    expect(allowed.clock.sleptMs()).toBeGreaterThan(2 * dayMs);
  });

  it('of a login that has lost the permission to bypass it is kept again', async () => {
    const limits = { ...defaults, bypassed: true };
    const { clock, server, read } = bench(limits);
    await clock.run(read(40, 8));
    limits.bypassed = false;
    await clock.run(read(40, 8));
    // What was in flight when the first 429 came, and none after it.
    expect(server.rejected()).toBeLessThanOrEqual(8);
    expect(
      server
        .accepted('groups.messages')
        .slice(1)
        .every((calls) => calls <= 10),
    ).toBe(true);
  });

  it('stops the run before it sleeps longer than allowed', async () => {
    const { clock, read, requester, events } = bench(defaults, 130_000);
    await expect(clock.run(read(75, 8))).rejects.toThrow(StoppedError);
    // Two windows fit, the third would not.
    expect(requester.counts()['groups.messages']?.requests).toBe(31);
    expect(events).toHaveLength(2);
    expect(clock.sleptMs()).toBeLessThan(131_000);
  });

  it('counts time that several endpoints wait at once only once', async () => {
    const { clock, read } = bench(defaults, 61_000);
    await clock.run(Promise.all([read(20, 2), read(20, 2, 'chat.getMentionedMessages')]));
  });

  it('is not slept out once the run is interrupted', async () => {
    const { clock, read, abort, events } = bench(defaults);
    const interrupt = new InterruptedError('SIGINT');
    const startMs = clock.now();
    const stop = clock.sleep(10_000).then(() => abort.abort(interrupt));
    await expect(clock.run(Promise.all([stop, read(30, 8)]))).rejects.toBe(interrupt);
    expect(clock.now() - startMs).toBe(10_000);
    expect(events).toHaveLength(1);
  });

  it('is over once it was slept out, even if somebody set our clock back meanwhile', async () => {
    const clock = skippingClock();
    let setBackMs = 0;
    const shifted = { ...clock, now: () => clock.now() - setBackMs };
    const server = limitedServer(clock, { calls: 1, windowMs: 60_000 });
    const waiting = createWaiting({
      clock: shifted,
      signal: new AbortController().signal,
      maxWaitMs: Infinity,
      onWait: () => undefined,
    });
    const requester = createRequester({
      roomNames: new RoomNames(),
      client: server.client,
      clock: shifted,
      concurrency: 16,
      random: () => 0,
      waiting,
      newBudget: createBudget,
      url: 'http://chat.test',
      secrets: [],
    });
    const call = () => requester.call({ method: 'GET', endpoint: 'groups.messages', phase: 'running' });
    const startMs = clock.now();
    const setBack = clock.sleep(30_000).then(() => (setBackMs = 3_600_000));
    await clock.run(Promise.all([setBack, call(), call()]));
    expect(clock.now() - startMs).toBeLessThan(62_000);
    expect(server.rejected()).toBe(1);
  });
});
