import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ListRow } from '../../src/extractors/page.ts';
import { settleMs } from '../../src/extractors/recent-rows.ts';
import { walkHistory, type HistoryPage, type HistoryWalkOptions } from '../../src/extractors/walk-history.ts';
import { fromTheBeginning, type Cursor } from '../../src/stream.ts';
import { MovingList, seededRandom, type ListRules } from '../support/moving-list.ts';

interface Taken {
  readonly rows: readonly ListRow[];
  /** Set when the walk ended. */
  readonly cursor?: Cursor;
  readonly edgeMs?: number;
}

async function walkDown(
  list: MovingList,
  options: Partial<HistoryWalkOptions> = {},
  cutAfter = Number.POSITIVE_INFINITY,
): Promise<Taken> {
  const rows: ListRow[] = [];
  const steps = walkHistory(list.fetchHistory, { cursor: fromTheBeginning, pageSize: 20, ...options });
  for (let left = cutAfter; ; left--) {
    const { value, done } = await steps.next();
    if (done === true) return { rows, cursor: value };
    rows.push(...value.page.rows.filter((_, at) => at >= value.from && at < value.to && !value.skip.includes(at)));
    if (left === 0) return { rows, edgeMs: value.edgeMs };
  }
}

const anyRules: fc.Arbitrary<ListRules> = fc.record({
  size: fc.integer({ min: 0, max: 200 }),
  ties: fc.constantFrom(0, 0.05, 0.5, 0.98, 1),
  cap: fc.constant(100),
  defaultCount: fc.constant(null),
  movesPerRequest: fc.integer({ min: 0, max: 3 }),
  moves: fc.subarray(['post', 'delete', 'delete-last-seen', 'prune', 'edit', 'late-insert', 'burst'] as const),
  lie: fc.constant(0),
  burstSize: fc.constantFrom(2, 70),
});

const ids = (rows: readonly ListRow[]): string[] => rows.map((row) => row.id);

describe('walkHistory', () => {
  it('takes every survivor exactly once, newest first, whatever moves and wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRules,
        fc.integer(),
        fc.integer({ min: 2, max: 40 }),
        fc.nat(20),
        async (rules, seed, pageSize, cutAfter) => {
          const list = new MovingList(rules, seededRandom(seed));
          const first = await walkDown(list, { pageSize }, cutAfter);
          const taken = [...first.rows];
          if (first.cursor === undefined) {
            const recent = taken.filter((row) => row.tsMs > (taken[0]?.tsMs ?? 0) - settleMs);
            taken.push(...(await walkDown(list, { pageSize, edgeMs: first.edgeMs, recent })).rows);
          }
          expect(new Set(ids(taken)).size).toBe(taken.length);
          expect(list.survivors().filter((id) => !ids(taken).includes(id))).toEqual([]);
          expect(taken.every((row, at) => at === 0 || row.tsMs <= (taken[at - 1]?.tsMs ?? 0))).toBe(true);
        },
      ),
      { numRuns: Number(process.env['WALK_RUNS'] ?? 200) },
    );
  }, 600_000);

  it('takes every survivor exactly once, or gives up, where pages are capped', async () => {
    let gaveUp = 0;
    await fc.assert(
      fc.asyncProperty(anyRules, fc.integer(), fc.integer({ min: 2, max: 200 }), async (rules, seed, pageSize) => {
        const list = new MovingList(rules, seededRandom(seed));
        list.historyCap = 30;
        try {
          const { rows } = await walkDown(list, { pageSize });
          expect(new Set(ids(rows)).size).toBe(rows.length);
          expect(list.survivors().filter((id) => !ids(rows).includes(id))).toEqual([]);
        } catch (error) {
          expect(error).toMatchObject({ reason: 'page-cap' });
          gaveUp += 1;
        }
      }),
      { numRuns: Number(process.env['WALK_RUNS'] ?? 200) },
    );
    expect(gaveUp).toBeGreaterThan(0);
  }, 600_000);

  it.each([
    ['is read where it ends with the page', 30, 30, true],
    ['is given up where it goes on', 31, 30, false],
    ['is read whole where pages have no cap', 500, Number.POSITIVE_INFINITY, true],
  ])('a millisecond of many messages %s', async (_, size, cap, isRead) => {
    const rules = { size, ties: 1, cap, defaultCount: null, movesPerRequest: 0, moves: [], lie: 0, burstSize: 0 };
    const list = new MovingList(rules, seededRandom(1));
    list.historyCap = cap;
    const walking = walkDown(list, { pageSize: 20 });
    if (isRead) expect((await walking).rows).toHaveLength(size);
    else await expect(walking).rejects.toMatchObject({ reason: 'page-cap' });
  });

  it('reads in a later run what was posted since, late or not, and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.nat(150), fc.nat(30), async (seed, size, posts) => {
        const random = seededRandom(seed);
        const rules = {
          size,
          ties: 0.1,
          cap: 100,
          defaultCount: null,
          movesPerRequest: 0,
          moves: [],
          lie: 0,
          burstSize: 0,
        };
        const list = new MovingList(rules, random);
        const first = await walkDown(list);
        const newestMs = list.rows.at(-1)?.tsMs ?? 1_000_000;
        for (let left = posts; left > 0; left--)
          list.post(newestMs - Math.floor(random() * (settleMs - 1)) + (left % 3) * settleMs);
        const second = await walkDown(list, { cursor: first.cursor ?? fromTheBeginning });
        const taken = [...ids(first.rows), ...ids(second.rows)];
        expect(new Set(taken).size).toBe(taken.length);
        expect(list.rows.filter((row) => !taken.includes(row.id))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('costs a page a thousand rows and one to see the end', async () => {
    const rules = {
      size: 10_000,
      ties: 0,
      cap: 100,
      defaultCount: null,
      movesPerRequest: 0,
      moves: [],
      lie: 0,
      burstSize: 0,
    };
    const list = new MovingList(rules, seededRandom(1));
    expect((await walkDown(list, { pageSize: 1_000 })).rows).toHaveLength(10_000);
    expect(list.requests).toBeLessThanOrEqual(12);
  });

  it('gives up on a server that ignores where to begin', async () => {
    const page: HistoryPage = {
      rows: [
        { id: 'b', tsMs: 2 },
        { id: 'a', tsMs: 1 },
      ],
    };
    const steps = walkHistory(() => Promise.resolve(page), { cursor: fromTheBeginning, pageSize: 2 });
    await steps.next();
    await expect(steps.next()).rejects.toMatchObject({ reason: 'wire' });
  });
});
