import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RoomError } from '../../../src/errors.ts';
import type { FetchPage } from '../../../src/extract/walk/prefetcher.ts';
import { isUnreadable, type ListPage, type PageRequest } from '../../../src/extract/walk/page.ts';
import { type ListRow } from '../../../src/model/list/list-order.ts';
import { markTexts } from '../../../src/extract/walk/date-texts/row-order.ts';
import { walk, type PageStep } from '../../../src/extract/walk/walk.ts';
import type { WalkOptions } from '../../../src/extract/walk/walk-options.ts';
import { allowedLatenessMs, fromTheBeginning, type Cursor } from '../../../src/model/stream.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';
import {
  MovingList,
  quietRules,
  seededRandom,
  type ListRules,
  type MoveKind,
} from '../../support/workspaces/moving-list.ts';
import { takeRows, type Taken } from '../../support/workspaces/taken-rows.ts';

interface Walked extends Pick<Taken<unknown>, 'rows' | 'holes'> {
  readonly ids: readonly string[];
  /** Behind the last page that was taken, or the end. */
  readonly cursor: Cursor;
}

/** Walks to the end, or until `cutAfter` pages have been taken. */
async function walkAll(
  list: MovingList,
  ahead: number,
  options: Partial<WalkOptions> = {},
  cutAfter?: number,
): Promise<Walked> {
  const beginning = { cursor: fromTheBeginning, longestPage: { rows: 0 } };
  const steps = walk(list.fetch, { ...beginning, mayHold: (held) => held < ahead, ...options });
  const { rows, holes, cursor, last } = await takeRows<PageStep<ListPage>>(steps, cutAfter);
  return { ids: rows.map(({ id }) => id), rows, holes, cursor: cursor ?? last?.cursor ?? fromTheBeginning };
}

function recentOf(rows: readonly ListRow[]): ListRow[] {
  const sinceMs = (rows.at(-1)?.tsMs ?? 0) - allowedLatenessMs;
  return rows.filter((row) => row.tsMs > sinceMs);
}

const everyMove: readonly MoveKind[] = [
  'post',
  'delete',
  'delete-last-seen',
  'prune',
  'edit',
  'late-insert',
  'burst',
  'cap',
];

const anyRules: fc.Arbitrary<ListRules> = fc.record({
  size: fc.integer({ min: 0, max: 300 }),
  ties: fc.constantFrom(0, 0.02, 0.3, 0.9, 1),
  cap: fc.constantFrom(1, 2, 3, 4, 7, 50, 100, 5000),
  defaultCount: fc.constantFrom(null, 50),
  movesPerRequest: fc.integer({ min: 0, max: 3 }),
  moves: fc.subarray([...everyMove]),
  lie: fc.constantFrom(0, 0, 1, 3),
  burstSize: fc.constantFrom(2, 30, 150),
});

const outrunsReader = ({ cap, moves, movesPerRequest }: ListRules): boolean =>
  movesPerRequest > 0 && (cap <= 4 || moves.includes('cap'));

const movesOfRows = ({ moves }: ListRules): readonly MoveKind[] => moves.filter((move) => move !== 'cap');

function exactlyOnce(list: MovingList, ids: readonly string[]): void {
  expect(new Set(ids).size).toBe(ids.length);
  const taken = new Set(ids);
  expect(list.survivors().filter((id) => !taken.has(id))).toEqual([]);
}

const quiet: ListRules = { ...quietRules, size: 1_000, ties: 0.02 };

describe('walk on a list that moves', () => {
  it('takes every survivor exactly once, whatever moves, at any concurrency', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRules,
        fc.integer(),
        fc.integer({ min: 1, max: 16 }),
        fc.boolean(),
        async (rules, seed, ahead, isTimed) => {
          const list = new MovingList(rules, seededRandom(seed));
          const beganMs = isTimed ? (list.rows.at(-1)?.tsMs ?? 0) : undefined;
          const outcome = await walkAll(list, ahead, { beganMs }).catch((error: unknown) => error);
          // With pages of one or two rows a list can move faster than anybody can read: then the walk says so.
          if (outcome instanceof RoomError && outcome.reason === 'moving' && outrunsReader(rules)) return;
          if (outcome instanceof Error) throw outcome;
          exactlyOnce(list, (outcome as Walked).ids);
        },
      ),
      { numRuns: quickOrLong(30, 900) },
    );
  });

  it('goes on from any step of a cut walk and misses and repeats nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyRules, fc.integer(), fc.nat(20), async (rules, seed, cutAfter) => {
        const list = new MovingList(
          { ...rules, cap: Math.max(5, rules.cap), lie: 0, moves: movesOfRows(rules) },
          seededRandom(seed),
        );
        const longestPage = { rows: 0 };
        const first = await walkAll(list, 3, { longestPage }, cutAfter);
        const rest = await walkAll(list, 3, { longestPage, cursor: first.cursor, recent: recentOf(first.rows) });
        exactlyOnce(list, [...first.ids, ...rest.ids]);
      }),
      { numRuns: quickOrLong(25, 600) },
    );
  });

  it('does not step ever further past the end of a list that shifts both ways (regression: a gap "moving")', async () => {
    const moves: readonly MoveKind[] = ['delete', 'delete-last-seen', 'prune', 'late-insert', 'burst'];
    const rules = { ...quiet, size: 30, ties: 0, cap: 5, movesPerRequest: 1, moves, burstSize: 150 };
    const list = new MovingList(rules, seededRandom(-1770861429));
    const longestPage = { rows: 0 };
    const first = await walkAll(list, 3, { longestPage }, 4);
    const rest = await walkAll(list, 3, { longestPage, cursor: first.cursor, recent: recentOf(first.rows) });
    exactlyOnce(list, [...first.ids, ...rest.ids]);
  });

  it('finds in a second walk what was posted since, late or not, and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.nat(250),
        fc.constantFrom(0, 0.3),
        fc.nat(30),
        async (seed, size, ties, posts) => {
          const random = seededRandom(seed);
          const list = new MovingList({ ...quiet, size, ties }, random);
          const longestPage = { rows: 100 };
          const first = await walkAll(list, 4, { longestPage });
          const newestMs = list.rows.at(-1)?.tsMs ?? 1_000_000;
          // A message may become visible behind newer ones, within the time that walks allow for it.
          for (let left = posts; left > 0; left--)
            list.post(newestMs - Math.floor(random() * (allowedLatenessMs - 1)) + (left % 3) * allowedLatenessMs);
          if (list.rows.length > 10) list.rows.splice(3, 4);
          const second = await walkAll(list, 4, { longestPage, cursor: first.cursor });
          const all = [...first.ids, ...second.ids];
          expect(new Set(all).size).toBe(all.length);
          expect(list.rows.filter((row) => !all.includes(row.id))).toEqual([]);
        },
      ),
      { numRuns: quickOrLong(20, 500) },
    );
  });
});

describe('walk on a list that has shifted', () => {
  it('says of each page how many came too late before it, and of no other', async () => {
    const list = [...rowsOf(...Array.from({ length: 12 }, (_, at) => [`m${at}`, at] as const))];
    const steps = walk(pagesOf(list), { cursor: fromTheBeginning, longestPage: { rows: 0 } });
    const repaired: number[] = [];
    for await (const step of steps) {
      if (step.kind === 'page') repaired.push(step.repaired);
      if (repaired.length === 2) list.splice(0, 2);
    }
    expect(repaired.slice(0, 3)).toEqual([0, 0, 2]);
    expect(new Set(repaired.slice(3))).toEqual(new Set([0]));
  });
});

describe('walk on a list that the room list counts', () => {
  it('asks once for one that a page holds whole, though no longer page was ever seen', async () => {
    for (const size of [1, 2, 3, 20, 99, 100]) {
      const list = new MovingList({ ...quiet, size, ties: 0 }, seededRandom(size));
      const { ids } = await walkAll(list, 4, { countedRows: size });
      exactlyOnce(list, ids);
      expect(list.requests).toBe(1);
    }
  });

  it.each([
    ['the room list counts one more', { countedRows: 21 }, {}],
    ['the room list counts one less', { countedRows: 19 }, {}],
    ['nothing is known of it', { countedRows: 0 }, {}],
    ['as many were asked for as came', { countedRows: 20, pageSize: 20 }, {}],
    ['the server gives no more than came', { countedRows: 20 }, { cap: 20, size: 21 }],
  ])('asks once more when %s', async (_, options, rules) => {
    const list = new MovingList({ ...quiet, size: 20, ties: 0, ...rules }, seededRandom(1));
    exactlyOnce(list, (await walkAll(list, 1, options)).ids);
    expect(list.requests).toBeGreaterThan(1);
  });

  it('takes every survivor exactly once, whatever moves between its requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRules,
        fc.integer({ min: 0, max: 60 }),
        fc.integer(),
        fc.integer({ min: -3, max: 3 }),
        async (rules, size, seed, off) => {
          const list = new MovingList({ ...rules, size, lie: 0 }, seededRandom(seed));
          const outcome = await walkAll(list, 3, { countedRows: Math.max(0, size + off) }).catch(
            (error: unknown) => error,
          );
          if (outcome instanceof RoomError && outcome.reason === 'moving' && outrunsReader(rules)) return;
          if (outcome instanceof Error) throw outcome;
          exactlyOnce(list, (outcome as Walked).ids);
        },
      ),
      { numRuns: quickOrLong(30, 900) },
    );
  });

  it('takes in the next walk what an import pushed off the page between the count and the rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 40 }),
        fc.constantFrom(0, 0.3, 0.9),
        fc.integer(),
        async (size, ties, seed) => {
          const random = seededRandom(seed);
          const list = new MovingList({ ...quiet, size, cap: size, ties }, random);
          const counted: FetchPage<ListPage> = async (request) => {
            const total = list.rows.length;
            const newestMs = list.rows.at(-1)?.tsMs ?? 0;
            if (list.requests === 0) list.post(1_000_000 + Math.floor(random() * (newestMs - 1_000_000)));
            const page = await list.fetch(request);
            return isUnreadable(page) ? page : { ...page, total };
          };
          const longestPage = { rows: 0 };
          const ids: string[] = [];
          const read = async (cursor: Cursor): Promise<Cursor> => {
            const steps = walk(counted, { cursor, longestPage, countedRows: size });
            const taken = await takeRows(steps);
            ids.push(...taken.rows.map(({ id }) => id));
            return taken.cursor ?? fromTheBeginning;
          };
          const cursor = await read(fromTheBeginning);
          expect(list.requests).toBe(1);
          await read(cursor);
          expect([...ids].sort()).toEqual(list.rows.map(({ id }) => id).sort());
        },
      ),
      { numRuns: quickOrLong(20, 500) },
    );
  });
});

describe('walk on a list that cannot be read everywhere', () => {
  const badRules = fc.record({
    size: fc.integer({ min: 0, max: 250 }),
    ties: fc.constantFrom(0, 0.3, 0.9),
    cap: fc.constantFrom(2, 3, 7, 50, 100, 5_000),
    defaultCount: fc.constantFrom(null, 50),
    movesPerRequest: fc.integer({ min: 0, max: 2 }),
    moves: fc.subarray<MoveKind>(['post', 'edit', 'burst']),
    lie: fc.constantFrom(0, 1),
    burstSize: fc.constantFrom(2, 30),
    bad: fc.constantFrom(0, 0.005, 0.03, 0.3, 1),
    undated: fc.constantFrom(0, 0, 3, 40),
  });

  it('takes every row that can be read exactly once, and names each place that cannot', async () => {
    await fc.assert(
      fc.asyncProperty(badRules, fc.integer(), fc.integer({ min: 1, max: 8 }), async (rules, seed, ahead) => {
        const list = new MovingList(rules, seededRandom(seed));
        const outcome = await walkAll(list, ahead).catch((error: unknown) => error);
        const isUnread = outcome instanceof RoomError && outcome.reason === 'http-500';
        if (isUnread && list.rows.every(({ bad }) => bad)) return;
        if (outcome instanceof RoomError && outcome.reason === 'moving' && rules.movesPerRequest > 0) return;
        if (outcome instanceof Error) throw outcome;
        const { ids, holes } = outcome as Walked;
        exactlyOnce(list, ids);
        if (rules.movesPerRequest > 0) return;
        // A walk that steps back may cross a hole twice.
        const distinct = [...new Map(holes.map((hole) => [hole.offset, hole])).values()];
        expect(distinct.reduce((sum, { rows }) => sum + rows, 0)).toBe(list.rows.filter(({ bad }) => bad).length);
      }),
      { numRuns: quickOrLong(15, 300) },
    );
  });

  it('steps over no row that can be read where many before it cannot (regression: 3 rows lost behind 11)', async () => {
    const list = new MovingList({ ...quiet, size: 77, ties: 0, cap: 2, bad: 0.3 }, seededRandom(-2));
    exactlyOnce(list, (await walkAll(list, 1)).ids);
  });

  it('takes no text that it remembers for one that dates follow (regression: 81 rows lost behind a hole)', async () => {
    const rules = { ...quiet, size: 69, ties: 0, cap: 7, bad: 0.03, undated: 40 };
    const list = new MovingList(rules, seededRandom(206794281));
    exactlyOnce(list, (await walkAll(list, 4)).ids);
  });

  it('reads 349 of 350 messages around one that the server fails on, in few requests more', async () => {
    const list = new MovingList({ ...quiet, size: 350, ties: 0 }, seededRandom(3));
    Object.assign(list.rows[210] ?? {}, { bad: true });
    const { ids, holes } = await walkAll(list, 4);
    exactlyOnce(list, ids);
    expect(ids).toHaveLength(349);
    expect(holes).toEqual([
      expect.objectContaining({
        reason: 'http-500',
        offset: 210,
        rows: 1,
        after: { tsMs: list.rows[209]?.tsMs, id: list.rows[209]?.id },
        before: { tsMs: list.rows[211]?.tsMs, id: list.rows[211]?.id },
      }),
    ]);
    expect(list.requests).toBeLessThan(25);
  });

  it('does not look for a hole behind the end of the list (regression: a gap "moving")', async () => {
    const list = new MovingList({ ...quiet, size: 191, ties: 0.9, cap: 7, lie: 1, bad: 0.03 }, seededRandom(29));
    exactlyOnce(list, (await walkAll(list, 6)).ids);
  });

  it('goes on from any step of a cut walk beside a hole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.nat(20), fc.constantFrom(0.01, 0.1), async (seed, cutAfter, bad) => {
        const list = new MovingList({ ...quiet, size: 120, cap: 7, bad }, seededRandom(seed));
        const longestPage = { rows: 0 };
        const first = await walkAll(list, 3, { longestPage }, cutAfter);
        const rest = await walkAll(list, 3, { longestPage, cursor: first.cursor, recent: recentOf(first.rows) });
        exactlyOnce(list, [...first.ids, ...rest.ids]);
      }),
      { numRuns: quickOrLong(12, 200) },
    );
  });

  it('says what the server says when nothing at all can be read', async () => {
    const list = new MovingList({ ...quiet, size: 40, bad: 1 }, seededRandom(4));
    await expect(walkAll(list, 2)).rejects.toMatchObject({ reason: 'http-500' });
    expect(list.requests).toBeLessThan(60);
  });

  it('asks for long pages again behind one row that is too large by itself (regression: three rows per page to the end)', async () => {
    const list = new MovingList({ ...quiet, size: 900, ties: 0 }, seededRandom(5));
    const one = list.rows[450]?.id;
    const small: FetchPage<ListPage> = async (request) => {
      const page = await list.fetch(request);
      if (isUnreadable(page) || page.rows.every(({ id }) => id !== one)) return page;
      return { unreadable: { reason: 'too-large', message: 'The answer is too large', isTooLarge: true } };
    };
    const ids: string[] = [];
    for await (const step of walk(small, { cursor: fromTheBeginning, longestPage: { rows: 0 } })) {
      if (step.kind === 'page') ids.push(...step.page.rows.slice(step.from, step.to).map(({ id }) => id));
    }
    expect(ids).toEqual(list.rows.flatMap(({ id }) => (id === one ? [] : [id])));
    expect(list.requests).toBeLessThan(60);
  });

  it('asks for smaller pages from the first on that is too large', async () => {
    const list = new MovingList({ ...quiet, size: 900, ties: 0 }, seededRandom(5));
    const small: FetchPage<ListPage> = async (request) => {
      const page = await list.fetch(request);
      if (isUnreadable(page) || page.rows.length <= 30) return page;
      return { unreadable: { reason: 'too-large', message: 'The answer is too large', isTooLarge: true } };
    };
    const ids: string[] = [];
    for await (const step of walk(small, { cursor: fromTheBeginning, longestPage: { rows: 0 } })) {
      if (step.kind === 'page') ids.push(...step.page.rows.slice(step.from, step.to).map(({ id }) => id));
    }
    exactlyOnce(list, ids);
    expect(list.requests).toBeLessThan(60);
  });
});

/** Rows by id and time. */
function rowsOf(...rows: readonly (readonly [string, number])[]): readonly ListRow[] {
  return rows.map(([id, tsMs]) => ({ id, tsMs }));
}

/** A server that gives three rows per page of a list that the test moves. */
function pagesOf(list: readonly ListRow[]): FetchPage<ListPage> {
  return ({ offset, order }) =>
    Promise.resolve({ rows: markTexts(list.slice(offset, offset + 3), order), total: list.length });
}

describe('walk on a list with times that are no dates', () => {
  it('names no text to the next walk that looked like a date when it was taken', async () => {
    const day = 86_400_000;
    const texts = rowsOf(['t0', 900 * day], ['t1', 901 * day], ['t2', 902 * day]);
    const dates = rowsOf(['d0', day], ['d1', 2 * day], ['d2', 3 * day], ['d3', 3 * day + 1]);
    const steps = walk(pagesOf([...texts, ...dates]), { cursor: fromTheBeginning, longestPage: { rows: 0 } });
    const { rows, cursor } = await takeRows<PageStep<ListPage>>(steps);
    expect(rows.map(({ id }) => id)).toEqual(['t0', 't1', 't2', 'd0', 'd1', 'd2', 'd3']);
    expect(cursor).toMatchObject({ watermark: { tsMs: 3 * day + 1 - allowedLatenessMs }, deliveredIds: ['d2', 'd3'] });
  });

  it.each([3, 4, 6])('ends no period at a first page of %i texts that look like later dates', async (count) => {
    const day = 86_400_000;
    const ids = Array.from({ length: count }, (_, at) => `t${at}`);
    const texts = rowsOf(...ids.map((id, at) => [id, (900 + at) * day] as const));
    const dates = rowsOf(['d0', day], ['d1', 2 * day], ['d2', 3 * day], ['d3', 950 * day]);
    const options = { cursor: fromTheBeginning, longestPage: { rows: 0 }, untilMs: 2.5 * day };
    const { rows } = await takeRows<PageStep<ListPage>>(walk(pagesOf([...texts, ...dates]), options));
    expect(rows.map(({ id }) => id)).toEqual([...ids, 'd0', 'd1']);
  });

  it('takes nothing where a list of dates begins behind the period and moves while two pages more are read', async () => {
    let dates = rowsOf(...Array.from({ length: 30 }, (_, at) => [`d${at}`, 1_000 + 10 * at] as const));
    const fetch: FetchPage<ListPage> = async (request) => {
      const page = await pagesOf(dates)(request);
      // Two that came late move the list: the next page has earlier rows than the end of this one.
      dates = [...rowsOf([`late${dates.length}`, 990], [`late${dates.length + 1}`, 991]), ...dates];
      return page;
    };
    const options = { cursor: fromTheBeginning, longestPage: { rows: 0 }, untilMs: 500 };
    expect((await takeRows<PageStep<ListPage>>(walk(fetch, options))).rows).toEqual([]);
  });

  it('reads two pages more, and takes nothing, where a list begins behind the period with dates', async () => {
    const dates = rowsOf(...Array.from({ length: 30 }, (_, at) => [`d${at}`, 1_000 + at] as const));
    let requests = 0;
    const fetch: FetchPage<ListPage> = (request) => {
      requests += 1;
      return pagesOf(dates)(request);
    };
    const options = { cursor: fromTheBeginning, longestPage: { rows: 0 }, untilMs: 500 };
    expect((await takeRows<PageStep<ListPage>>(walk(fetch, options))).rows).toEqual([]);
    expect(requests).toBe(3);
  });

  it('takes every row exactly once, in the order of the server', async () => {
    await fc.assert(
      fc.asyncProperty(anyRules, fc.integer(), fc.constantFrom(1, 4, 20, 150), async (rules, seed, undated) => {
        const moves: readonly MoveKind[] = rules.moves.filter((move) => move === 'post' || move === 'edit');
        const list = new MovingList({ ...rules, cap: Math.max(3, rules.cap), moves, undated }, seededRandom(seed));
        exactlyOnce(list, (await walkAll(list, 4)).ids);
      }),
      { numRuns: quickOrLong(15, 300) },
    );
  });

  it('goes on from any step of a cut walk', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.nat(20), fc.constantFrom(3, 30), async (seed, cutAfter, undated) => {
        const list = new MovingList({ ...quiet, size: 60, cap: 7, undated }, seededRandom(seed));
        const longestPage = { rows: 0 };
        const first = await walkAll(list, 3, { longestPage }, cutAfter);
        const rest = await walkAll(list, 3, { longestPage, cursor: first.cursor, recent: recentOf(first.rows) });
        exactlyOnce(list, [...first.ids, ...rest.ids]);
      }),
      { numRuns: quickOrLong(12, 200) },
    );
  });
});

describe('walk on a list that never holds still', () => {
  it('ends, though a message is posted before every request, and leaves later ones to the next walk', async () => {
    const list = new MovingList({ ...quiet, size: 500, movesPerRequest: 3, moves: ['post'], ties: 0 }, seededRandom(8));
    const beganMs = list.rows.at(-1)?.tsMs ?? 0;
    const longestPage = { rows: 0 };
    const first = await walkAll(list, 2, { longestPage, beganMs });
    exactlyOnce(list, first.ids);
    expect(list.requests).toBeLessThan(20);
    const second = await walkAll(list, 2, { longestPage, cursor: first.cursor });
    const all = [...first.ids, ...second.ids];
    expect(new Set(all).size).toBe(all.length);
    expect(list.rows.filter((row) => !all.includes(row.id))).toEqual([]);
  });
});

describe('walk on a quiet list', () => {
  it.each(
    quickOrLong(
      [
        [50, 8],
        [5_000, 4],
      ],
      [
        [100, 1],
        [100, 4],
        [100, 16],
        [50, 8],
        [5_000, 4],
      ],
    ),
  )('costs two rows per page at a cap of %i with %i ahead', async (cap, ahead) => {
    const size = 30_000;
    const list = new MovingList({ ...quiet, size, cap }, seededRandom(cap + ahead));
    exactlyOnce(list, (await walkAll(list, ahead)).ids);
    expect(list.requests).toBeLessThanOrEqual(1.1 * (size / (cap - 2)) + 3);
  });

  it('costs one request when nothing is new and the server has been seen to give longer pages', async () => {
    const list = new MovingList(quiet, seededRandom(1));
    const longestPage = { rows: 0 };
    const { cursor } = await walkAll(list, 4, { longestPage });
    list.requests = 0;
    const again = await walkAll(list, 4, { longestPage, cursor });
    expect(again.ids).toEqual([]);
    expect(list.requests).toBe(1);
    expect(again.cursor).toEqual(cursor);
  });

  it('begins behind the end of a list that has shrunk, and needs no unlimited page to know its end', async () => {
    const rows = Array.from({ length: 30 }, (_, at): ListRow => ({ id: `m${at}`, tsMs: at * 1_000_000 }));
    const asked: PageRequest[] = [];
    const fetch: FetchPage<ListPage> = (request) => {
      asked.push(request);
      return Promise.resolve({ rows: rows.slice(request.offset, request.offset + 100), total: rows.length });
    };
    const cursor: Cursor = { watermark: { tsMs: 24_500_000, id: null }, offset: 60, deliveredIds: [] };
    const ids: string[] = [];
    for await (const step of walk(fetch, { cursor, longestPage: { rows: 100 } })) {
      if (step.kind === 'page') ids.push(...step.page.rows.slice(step.from, step.to).map(({ id }) => id));
    }
    expect(ids).toEqual(['m25', 'm26', 'm27', 'm28', 'm29']);
    expect(asked.map(({ offset, count, order }) => [offset, count > 0, order])).toEqual([
      [60, true, 'ts'],
      [10, true, 'ts'],
    ]);
  });

  it('finds its place again in a handful of requests after most of the list was pruned', async () => {
    const list = new MovingList({ ...quiet, size: 50_000, cap: 1_000 }, seededRandom(2));
    const longestPage = { rows: 0 };
    const { cursor } = await walkAll(list, 4, { longestPage });
    list.rows.splice(0, 40_000);
    list.post((list.rows.at(-1)?.tsMs ?? 0) + 1);
    list.requests = 0;
    expect((await walkAll(list, 1, { longestPage, cursor })).ids).toHaveLength(1);
    expect(list.requests).toBeLessThan(40);
  });

  it('walks a burst of thousands of messages in one millisecond', async () => {
    const list = new MovingList({ ...quiet, size: 500 }, seededRandom(3));
    for (let left = 5_000; left > 0; left--) list.post(1_500_000);
    list.beginWalk();
    exactlyOnce(list, (await walkAll(list, 4)).ids);
    expect(list.requests).toBeLessThan(80);
  });

  it('gives up on a server that returns one row per page and no more, and says what to do', async () => {
    const list = new MovingList({ ...quiet, size: 5, cap: 1, defaultCount: 1 }, seededRandom(4));
    await expect(walkAll(list, 1)).rejects.toMatchObject({
      reason: 'page-cap',
      hint: expect.stringContaining('API_Upper_Count_Limit') as unknown,
    });
  });

  it('does not give up on a server that returns one row per page now and then', async () => {
    const [old, last, next, beyond, more] = rowsOf(['old', 1], ['last', 2], ['next', 3], ['beyond', 4], ['more', 5]);
    // Asked for the page at the watermark, and where that has one row, for the one behind.
    const answers = [[last], [last], [next], [last], [next], [old, last], [last], [next], [last, next, beyond]];
    const later = [[next], [next], [beyond], [next], [beyond], [next, beyond, more]];
    const fetch: FetchPage<ListPage> = () =>
      Promise.resolve({ rows: (answers.shift() ?? []).filter((row) => row !== undefined), total: 20 });
    const cursor = { watermark: { tsMs: 2, id: null }, offset: 5, deliveredIds: [] };
    const steps = walk(fetch, { cursor, longestPage: { rows: 0 } });
    for (const rest of [[], later]) {
      answers.push(...rest);
      expect((await steps.next()).value).toMatchObject({ kind: 'page', from: 1, to: 2 });
      expect(answers).toEqual([]);
    }
  });

  it('gives up on a server that ignores the order asked for', async () => {
    const list = new MovingList(quiet, seededRandom(5));
    const newestFirst: FetchPage<ListPage> = async (request) => {
      const page = await list.fetch(request);
      return isUnreadable(page) ? page : { ...page, rows: page.rows.toReversed() };
    };
    await expect(
      walk(newestFirst, { cursor: fromTheBeginning, longestPage: { rows: 0 } }).next(),
    ).rejects.toMatchObject({ reason: 'wire' });
  });

  it('gives up on a server that ignores the offset', async () => {
    const list = new MovingList(quiet, seededRandom(6));
    const stuck: FetchPage<ListPage> = (request) => list.fetch({ ...request, offset: 0 });
    const steps = walk(stuck, { cursor: fromTheBeginning, longestPage: { rows: 0 } });
    const read = async (): Promise<void> => {
      while ((await steps.next()).done !== true);
    };
    await expect(read()).rejects.toMatchObject({ reason: 'moving' });
    expect(list.requests).toBeLessThan(500);
  });

  it('asks for no more pages at once than it may hold', async () => {
    const list = new MovingList({ ...quiet, size: 5_000 }, seededRandom(7));
    let inFlight = 0;
    let most = 0;
    const counted: FetchPage<ListPage> = async (request) => {
      most = Math.max(most, ++inFlight);
      const page = await list.fetch(request);
      inFlight--;
      return page;
    };
    const steps = walk(counted, {
      cursor: fromTheBeginning,
      longestPage: { rows: 0 },
      mayHold: (held) => held < 6,
    });
    while ((await steps.next()).done !== true);
    expect(most).toBe(6);
  });
});
