import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pLimit from 'p-limit';
import type { SharedCell } from '../../../src/queue/budget/shared-cell.ts';
import { createSharedBudget } from '../../../src/queue/budget/shared-budget.ts';
import { createRequester } from '../../../src/rocketchat/http/requester.ts';
import { RoomNames } from '../../../src/rocketchat/rooms/room-names.ts';
import { createWaiting } from '../../../src/rocketchat/pacing/waiting.ts';
import type { Clock } from '../../../src/system/clock.ts';
import { skippingClock, type SkippingClock } from '../../support/clocks/skipping-clock.ts';
import { limitedServer, type LimitedServer, type Limits } from '../../support/network/limited-server.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const endpoint = 'groups.messages';

interface Cell extends SharedCell {
  isGone: boolean;
  text: string | undefined;
}

/** In the memory of all; each answer takes a moment. */
function cellOf(clock: Clock): Cell {
  const cell: Cell = {
    isGone: false,
    text: undefined,
    compareAndSet: async (expected, next) => {
      await clock.sleep(1);
      if (cell.isGone) throw new Error('the cell is gone');
      const isSet = cell.text === expected;
      if (isSet) cell.text = next;
      return { isSet, current: cell.text, nowMs: clock.now() + 7_000 };
    },
  };
  return cell;
}

interface Bench {
  readonly clock: SkippingClock;
  readonly cell: Cell;
  readonly server: LimitedServer;
  /** A process whose clock is so far ahead: so many requests, so many at once. */
  readonly read: (requests: number, concurrency: number, aheadMs?: number) => Promise<unknown>;
}

function bench(limits: Limits): Bench {
  const clock = skippingClock();
  const cell = cellOf(clock);
  const cells = new Map<string, SharedCell>([[endpoint, cell]]);
  const cellFor = (name: string): SharedCell => cells.get(name) ?? cells.set(name, cellOf(clock)).get(name) ?? cell;
  const server = limitedServer(clock, limits);
  let processes = 0;
  return {
    ...{ clock, cell, server },
    read: async (requests, concurrency, aheadMs = 0) => {
      const own: Clock = { now: () => clock.now() + aheadMs, sleep: (ms) => clock.sleep(ms) };
      const process = (processes += 1);
      let sent = 0;
      const requester = createRequester({
        roomNames: new RoomNames(),
        ...{ client: server.client, clock: own, concurrency, random: () => 0, url: 'http://chat.test', secrets: [] },
        waiting: createWaiting({
          ...{ clock: own, signal: new AbortController().signal, maxWaitMs: Infinity, onWait: () => undefined },
        }),
        newBudget: (options) =>
          createSharedBudget({
            ...options,
            cell: cellFor(options.endpoint),
            newId: () => `${String(process)}-${String((sent += 1))}`,
          }),
      });
      const limit = pLimit(concurrency);
      // By its answer a process learns of the server's clock: to log in is the first that each does.
      await requester.call({ method: 'GET', endpoint: 'me', phase: 'connecting' });
      const call = () => requester.call({ method: 'GET', endpoint, phase: 'running' });
      return Promise.all(Array.from({ length: requests }, () => limit(call)));
    },
  };
}

describe('a rate limit that several processes spend together', () => {
  it('is met without one answer 429, and spent wholly in each window', async () => {
    const { clock, server, read } = bench({ calls: 10, windowMs: 3_000 });
    await clock.run(Promise.all([read(30, 4), read(30, 4), read(30, 2), read(30, 1)]));
    expect(server.rejected()).toBe(0);
    expect(server.accepted(endpoint)).toEqual(Array.from({ length: 12 }, () => 10));
  });

  it('is met whatever the latency, the clocks and the share of each', async () => {
    // Clocks that differ by less than a second are taken to agree, and cost one answer 429 now and then: see toLocalMs.
    const apartMs = fc.integer({ min: -5, max: 5 }).map((steps) => steps * 2_000);
    const process = fc.record({
      ...{ requests: fc.nat(25), concurrency: fc.integer({ min: 1, max: 6 }) },
      aheadMs: apartMs,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(process, { minLength: 2, maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 }),
        apartMs,
        async (processes, latencies, skewMs) => {
          const latencyMs = (request: number): number => latencies[request % latencies.length] ?? 1;
          const { clock, server, read } = bench({ calls: 10, windowMs: 3_000, latencyMs, skewMs });
          const reading = processes.map((one) => read(one.requests, one.concurrency, one.aheadMs));
          await clock.run(Promise.all(reading));
          expect(server.rejected()).toBe(0);
        },
      ),
      { numRuns: quickOrLong(8, 300) },
    );
  });

  it('loses what a dead process had in flight for a window, and no longer', async () => {
    const { clock, cell, server, read } = bench({ calls: 10, windowMs: 3_000 });
    await clock.run(read(1, 1));
    const left = JSON.parse(cell.text ?? '') as { readonly number: number };
    cell.text = JSON.stringify({ ...left, inFlight: { 'dead-1': left.number, 'dead-2': left.number } });
    await clock.run(read(49, 4));
    expect(server.rejected()).toBe(0);
    const [first, second, ...later] = server.accepted(endpoint);
    expect([first, second]).toEqual([8, 8]);
    expect(later.slice(0, 3)).toEqual([10, 10, 10]);
  });

  it('is found out anew when the answer that was to show it never comes', async () => {
    const { clock, cell, server, read } = bench({ calls: 10, windowMs: 3_000 });
    cell.text = JSON.stringify({
      ...{ window: { kind: 'unknown', probing: true, cautious: false }, number: 0, inFlight: { dead: 0 } },
      probedAtMs: clock.now() + 7_000,
    });
    await clock.run(read(5, 2));
    expect(server.rejected()).toBe(0);
  });

  it('is spent by each alone while nobody keeps what they share, and together again afterwards', async () => {
    const { clock, cell, server, read } = bench({ calls: 10, windowMs: 3_000 });
    cell.isGone = true;
    const back = clock.sleep(20_000).then(() => (cell.isGone = false));
    await clock.run(Promise.all([back, read(40, 2), read(40, 2)]));
    const { rejected } = server;
    const before = rejected();
    await clock.run(clock.sleep(120_000).then(() => Promise.all([read(20, 2), read(20, 2)])));
    expect(rejected()).toBe(before);
  });

  it('is none for a server that reports none', async () => {
    const { clock, cell, server, read } = bench({ calls: 1_000, windowMs: 3_000, headers: false });
    await clock.run(Promise.all([read(40, 4), read(40, 4)]));
    expect(server.accepted(endpoint)).toEqual([80]);
    expect(cell.text).toContain('"inFlight":{}');
  });
});
