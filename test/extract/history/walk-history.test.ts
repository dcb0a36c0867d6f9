import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RoomError } from '../../../src/errors.ts';
import { isUnreadable, type RowsPage } from '../../../src/extract/walk/page.ts';
import type { ListRow } from '../../../src/model/list/list-order.ts';
import { allowedLatenessMs } from '../../../src/model/stream.ts';
import { walkHistory, type HistoryWalkOptions } from '../../../src/extract/history/walk-history.ts';
import { type FetchHistory, type HistoryPageStep } from '../../../src/extract/history/history-step.ts';
import { fromTheBeginning, type Cursor, type Hole } from '../../../src/model/stream.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import {
  MovingList,
  quietRules,
  seededRandom,
  type ListRules,
  type MoveKind,
} from '../../support/workspaces/moving-list.ts';
import { takeRows, type Taken } from '../../support/workspaces/taken-rows.ts';

type Walked = Taken<HistoryPageStep<RowsPage>>;

function walkDown(list: MovingList, options: Partial<HistoryWalkOptions> = {}, cutAfter?: number): Promise<Walked> {
  return takeRows(walkHistory(list.fetchHistory, { cursor: fromTheBeginning, pageSize: 20, ...options }), cutAfter);
}

/** Walks until `cutAfter` pages have been taken, and then, if that was not the end, down to it. */
async function walkDownInTwo(list: MovingList, pageSize: number, cutAfter: number): Promise<Walked> {
  const first = await walkDown(list, { pageSize }, cutAfter);
  if (first.last === undefined) return first;
  const recent = first.rows.filter((row) => row.tsMs > (first.rows[0]?.tsMs ?? 0) - allowedLatenessMs);
  const lastTaken = first.rows.at(-1);
  const rest = await walkDown(list, { pageSize, edge: first.last.edge, recent, lastTaken });
  return { ...rest, rows: [...first.rows, ...rest.rows], holes: [...first.holes, ...rest.holes] };
}

const anyRules: fc.Arbitrary<ListRules> = fc
  .record({
    size: fc.integer({ min: 0, max: 200 }),
    ties: fc.constantFrom(0, 0.05, 0.5, 0.98, 1),
    movesPerRequest: fc.integer({ min: 0, max: 3 }),
    moves: fc.subarray(['post', 'delete', 'delete-last-seen', 'prune', 'edit', 'late-insert', 'burst'] as const),
    burstSize: fc.constantFrom(2, 70),
  })
  .map((rules) => ({ ...quietRules, ...rules }));

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
          const { rows: taken } = await walkDownInTwo(list, pageSize, cutAfter);
          expect(new Set(ids(taken)).size).toBe(taken.length);
          expect(list.survivors().filter((id) => !ids(taken).includes(id))).toEqual([]);
          expect(taken.every((row, at) => at === 0 || row.tsMs <= (taken[at - 1]?.tsMs ?? 0))).toBe(true);
        },
      ),
      { numRuns: quickOrLong(25, 600) },
    );
  });

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
      { numRuns: quickOrLong(25, 600) },
    );
    expect(gaveUp).toBeGreaterThan(0);
  });

  it.each([
    ['is read where it ends with the page', 30, 30, true],
    ['is given up where it goes on', 31, 30, false],
    ['is read whole where pages have no cap', 500, Number.POSITIVE_INFINITY, true],
  ])('a millisecond of many messages %s', async (_, size, cap, isRead) => {
    const list = new MovingList({ ...quietRules, size, ties: 1, cap }, seededRandom(1));
    list.historyCap = cap;
    const walking = walkDown(list, { pageSize: 20 });
    if (isRead) expect((await walking).rows).toHaveLength(size);
    else {
      await expect(walking).rejects.toMatchObject({
        reason: 'page-cap',
        message: `Cannot walk the history: more messages share one millisecond than the ${cap} that the server gives at once`,
        hint: 'Leave "via: history" out of the job, or ask the administrator to raise API_Upper_Count_Limit',
      });
    }
  });

  it('reads in a later run what was posted since, late or not, and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.nat(150), fc.nat(30), async (seed, size, posts) => {
        const random = seededRandom(seed);
        const list = new MovingList({ ...quietRules, size, ties: 0.1 }, random);
        const first = await walkDown(list);
        const newestMs = list.rows.at(-1)?.tsMs ?? 1_000_000;
        for (let left = posts; left > 0; left--)
          list.post(newestMs - Math.floor(random() * (allowedLatenessMs - 1)) + (left % 3) * allowedLatenessMs);
        const second = await walkDown(list, { cursor: first.cursor ?? fromTheBeginning });
        const taken = [...ids(first.rows), ...ids(second.rows)];
        expect(new Set(taken).size).toBe(taken.length);
        expect(list.rows.filter((row) => !taken.includes(row.id))).toEqual([]);
      }),
      { numRuns: quickOrLong(25, 300) },
    );
  });

  it('leaves the next run where it began, in a room without messages', async () => {
    const list = new MovingList({ ...quietRules, size: 0 }, seededRandom(1));
    expect(await walkDown(list)).toMatchObject({ rows: [], holes: [], cursor: fromTheBeginning });
    expect(list.requests).toBe(1);
    const known: Cursor = { watermark: { tsMs: 7, id: null }, offset: 0, deliveredIds: ['a'] };
    expect((await walkDown(list, { cursor: known })).cursor).toEqual(known);
  });

  it('reads nothing again that was cut between its last page and its end', async () => {
    const list = new MovingList({ ...quietRules, size: 45 }, seededRandom(2));
    for (const cursor of [fromTheBeginning, { ...fromTheBeginning, watermark: { tsMs: 1_000_000, id: null } }]) {
      const whole = await walkDown(list, { cursor, listRows: 45 });
      let pages = 0;
      while ((await walkDown(list, { cursor }, pages)).cursor === undefined) pages += 1;
      const { rows, last } = await walkDown(list, { cursor }, pages - 1);
      expect(rows).toEqual(whole.rows);
      list.requests = 0;
      const recent = rows.filter((row) => row.tsMs > (rows[0]?.tsMs ?? 0) - allowedLatenessMs);
      const rest = await walkDown(list, { cursor, edge: last?.edge, recent, listRows: 45 });
      expect([rest.rows, rest.cursor, list.requests]).toEqual([[], whole.cursor, 1]);
    }
  });

  it('costs a page a thousand rows and one to see the end', async () => {
    const list = new MovingList({ ...quietRules, size: 10_000 }, seededRandom(1));
    expect((await walkDown(list, { pageSize: 1_000 })).rows).toHaveLength(10_000);
    expect(list.requests).toBeLessThanOrEqual(12);
  });

  describe('around rows that the server fails on', () => {
    const badRules = fc
      .record({
        size: fc.integer({ min: 0, max: 250 }),
        ties: fc.constantFrom(0, 0.3, 0.9),
        movesPerRequest: fc.integer({ min: 0, max: 2 }),
        // Beside a hole only opposite shifts within a few requests would deceive the walk.
        moves: fc.oneof(
          fc.subarray<MoveKind>(['post', 'edit', 'burst', 'late-insert']),
          fc.subarray<MoveKind>(['post', 'delete', 'delete-last-seen', 'prune']),
        ),
        burstSize: fc.constantFrom(2, 30),
        bad: fc.constantFrom(0, 0.005, 0.03, 0.3, 1),
      })
      .map((rules) => ({ ...quietRules, ...rules }));
    const anyPageSize = fc.constantFrom(2, 3, 7, 40, 1_000);

    it('takes every row that can be read exactly once, and names each place that cannot', async () => {
      await fc.assert(
        fc.asyncProperty(badRules, fc.integer(), anyPageSize, fc.boolean(), async (rules, seed, pageSize, isCapped) => {
          const list = new MovingList(rules, seededRandom(seed));
          if (isCapped) list.historyCap = 100;
          const outcome = await walkDown(list, { pageSize }).catch((error: unknown) => error);
          const reason = outcome instanceof RoomError ? outcome.reason : undefined;
          if (reason === 'http-500' && list.survivors().length === 0) return;
          if (reason === 'page-cap' && isCapped && rules.ties === 0.9) return;
          if (reason === 'moving' && rules.movesPerRequest > 0) return;
          if (outcome instanceof Error) throw outcome;
          const { rows, holes } = outcome as Walked;
          expect(new Set(ids(rows)).size).toBe(rows.length);
          expect(rows.every((row, at) => at === 0 || row.tsMs <= (rows[at - 1]?.tsMs ?? 0))).toBe(true);
          // What shifts inside a hole, and what a stride through a long one passes over, is part of it: later runs read it.
          const isNamed = ({ tsMs }: ListRow): boolean =>
            holes.some(({ after, before }) => tsMs >= (after?.tsMs ?? 0) && tsMs <= (before?.tsMs ?? Infinity));
          const missing = list.rows.filter((row) => list.survivors().includes(row.id) && !ids(rows).includes(row.id));
          expect(missing.filter((row) => !isNamed(row))).toEqual([]);
          if (rules.movesPerRequest > 0 && rules.moves.length > 0) return;
          if (holes.every((hole) => hole.rows <= 8)) expect(missing).toEqual([]);
          expect(holes.reduce((sum, hole) => sum + hole.rows, 0) - missing.length).toBe(
            list.rows.filter((row) => row.bad).length,
          );
          const bad = list.rows.filter((row) => row.bad);
          expect(list.requests).toBeLessThan(2 * rules.size + 20 + 30 * bad.length);
        }),
        { numRuns: quickOrLong(25, 600) },
      );
    });

    it('goes on from any step of a cut walk', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.record({ seed: fc.integer(), cutAfter: fc.nat(20), pageSize: anyPageSize }),
          fc.constantFrom(0.01, 0.1),
          fc.constantFrom(0, 0.3, 0.9),
          async ({ seed, cutAfter, pageSize }, bad, ties) => {
            const list = new MovingList({ ...quietRules, size: 120, ties, bad }, seededRandom(seed));
            const whole = await walkDown(list, { pageSize }).catch(() => undefined);
            if (whole === undefined) return;
            const { rows: taken, holes, cursor } = await walkDownInTwo(list, pageSize, cutAfter);
            expect(cursor).toEqual(whole.cursor);
            expect(ids(taken)).toEqual(ids(whole.rows));
            const places = (all: readonly Hole[]): string[] =>
              all.map(({ after, before }) => JSON.stringify([after, before]));
            expect([...new Set(places(holes))]).toEqual(places(whole.holes));
          },
        ),
        { numRuns: quickOrLong(20, 300) },
      );
    });

    it('reads 349 of 350 messages around one, in few requests more', async () => {
      const list = new MovingList({ ...quietRules, size: 350 }, seededRandom(3));
      Object.assign(list.rows[210] ?? {}, { bad: true });
      const { rows, holes } = await walkDown(list, { pageSize: 1_000, listRows: 350 });
      expect(rows).toHaveLength(349);
      const at = (index: number): object => ({ tsMs: list.rows[index]?.tsMs, id: list.rows[index]?.id });
      expect(holes).toEqual([
        expect.objectContaining({ reason: 'http-500', offset: 210, rows: 1, after: at(209), before: at(211) }),
      ]);
      expect(list.requests).toBeLessThan(30);
    });

    it('says what the server says when nothing at all can be read', async () => {
      const list = new MovingList({ ...quietRules, size: 40, bad: 1 }, seededRandom(4));
      await expect(walkDown(list)).rejects.toMatchObject({ reason: 'http-500' });
      expect(list.requests).toBeLessThan(60);
    });

    it.each([
      ['pages of more than 30 rows', 75, (rows: readonly ListRow[]) => rows.length > 30, 900],
      ['one row by itself', 60, (rows: readonly ListRow[], one: string) => rows.some(({ id }) => id === one), 899],
    ])(
      'asks for smaller pages where %s are too large, and no end is seen in them',
      async (_, most, isTooLarge, read) => {
        const list = new MovingList({ ...quietRules, size: 900 }, seededRandom(5));
        const one = list.rows[450]?.id ?? '';
        const small: FetchHistory<RowsPage> = async (request) => {
          const page = await list.fetchHistory(request);
          if (isUnreadable(page) || !isTooLarge(page.rows, one)) return page;
          return { unreadable: { reason: 'too-large', message: 'The answer is too large', isTooLarge: true } };
        };
        const { rows } = await takeRows(walkHistory(small, { cursor: fromTheBeginning, pageSize: 1_000 }));
        const taken = ids(rows);
        expect(new Set(taken).size).toBe(read);
        expect(taken).toHaveLength(read);
        expect(list.requests).toBeLessThan(most);
      },
    );
  });

  it('takes what a capped page has of a millisecond whose next message cannot be read, and names that one', async () => {
    const burst = Array.from({ length: 31 }, (_, at) => ({ id: `m${at}`, tsMs: 5 }));
    let requests = 0;
    const fetch: FetchHistory<RowsPage> = ({ offset = 0, count }) => {
      if (++requests > 100) throw new Error('The walk has not ended');
      const rows = burst.slice(offset, offset + Math.min(count, 30));
      const isBad = rows.some(({ id }) => id === 'm30');
      return Promise.resolve(
        isBad ? { unreadable: { reason: 'http-500', message: 'x', isTooLarge: false } } : { rows },
      );
    };
    const { rows, holes } = await takeRows(
      walkHistory(fetch, { cursor: fromTheBeginning, pageSize: 40, listRows: 31 }),
    );
    expect(ids(rows)).toEqual(burst.slice(0, 30).map(({ id }) => id));
    expect(holes).toMatchObject([
      { reason: 'http-500', offset: 0, rows: 1, after: null, before: { tsMs: 5, id: 'm29' } },
    ]);
  });

  it('gives up on a list that moves faster than it is read, after 200 requests', async () => {
    let requests = 0;
    // The millisecond at which the walk stands has other rows each time, and never an end.
    const fetch: FetchHistory<RowsPage> = ({ latestMs, count }) => {
      requests += 1;
      const rows = Array.from({ length: Math.min(count, 20 + (requests % 7)) }, (_, at) => ({
        id: `m${requests}-${at}`,
        tsMs: latestMs ?? 9,
      }));
      return Promise.resolve({ rows });
    };
    const walking = takeRows(
      walkHistory(fetch, { cursor: fromTheBeginning, pageSize: 100, edge: { ms: 9, deliveredIds: [] } }),
    );
    await expect(walking).rejects.toMatchObject({
      reason: 'moving',
      message: 'Cannot walk the history: 200 pages in a row brought nothing new',
      hint: 'The list moves faster than it can be read: run again at a quieter time',
    });
    expect(requests).toBe(400);
  });

  it('gives up on a burst that no page can hold', async () => {
    const burst = Array.from({ length: 200_001 }, (_, at) => ({ id: `m${at}`, tsMs: 9 }));
    const fetch: FetchHistory<RowsPage> = ({ count, offset = 0 }) =>
      Promise.resolve({ rows: burst.slice(offset, offset + count) });
    await expect(takeRows(walkHistory(fetch, { cursor: fromTheBeginning, pageSize: 100_000 }))).rejects.toMatchObject({
      reason: 'moving',
      message: 'Cannot walk the history: more than 200000 messages share one millisecond',
    });
  });

  it('gives up on a server that ignores where to begin', async () => {
    const page: RowsPage = {
      rows: [
        { id: 'b', tsMs: 2 },
        { id: 'a', tsMs: 1 },
      ],
    };
    const steps = walkHistory(() => Promise.resolve(page), { cursor: fromTheBeginning, pageSize: 2 });
    await steps.next();
    await expect(steps.next()).rejects.toMatchObject({
      reason: 'wire',
      message: 'Cannot walk the history: message "b" is newer than what was asked for',
      hint: 'A proxy or a modified server ignores the "latest" parameter',
    });
  });
});
