import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RoomError } from '../../../src/errors.ts';
import { walk } from '../../../src/extract/walk/walk.ts';
import { isInPeriod, type Period } from '../../../src/model/time/period.ts';
import type { ListRow } from '../../../src/model/list/list-order.ts';
import { fromTheBeginning, type Cursor, type Hole } from '../../../src/model/stream.ts';
import { MovingList, seededRandom, type ListRules, type MoveKind } from '../../support/workspaces/moving-list.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

interface Taken {
  readonly rows: readonly ListRow[];
  readonly holes: readonly Hole[];
  readonly cursor: Cursor;
}

interface PeriodWalk extends Period {
  readonly listRows?: number | null;
  readonly ahead?: number;
  readonly longestPage?: { rows: number };
}

async function walkPeriod(
  list: MovingList,
  { sinceMs, untilMs, listRows = null, ahead = 1, longestPage = { rows: 0 } }: PeriodWalk,
): Promise<Taken> {
  const rows: ListRow[] = [];
  const holes: Hole[] = [];
  const steps = walk(list.fetch, {
    ...(sinceMs === null
      ? { cursor: fromTheBeginning }
      : { cursor: { watermark: { tsMs: sinceMs - 1, id: null }, offset: 0, deliveredIds: [] }, sought: { listRows } }),
    ...{ untilMs, longestPage, beganMs: Number.MAX_SAFE_INTEGER, mayHold: (held) => held < ahead },
  });
  for (;;) {
    const { value, done } = await steps.next();
    if (done === true) return { rows, holes, cursor: value };
    if (value.kind === 'hole') holes.push(value.hole);
    else rows.push(...value.page.rows.filter((_, at) => at >= value.from && at < value.to && !value.skip.includes(at)));
  }
}

const everyMove: readonly MoveKind[] = [
  ...(['post', 'delete', 'delete-last-seen', 'prune', 'edit', 'late-insert', 'burst', 'cap'] as const),
];

const anyRules: fc.Arbitrary<ListRules> = fc.record({
  size: fc.integer({ min: 0, max: 300 }),
  ties: fc.constantFrom(0, 0.02, 0.3, 0.9, 1),
  cap: fc.constantFrom(3, 4, 7, 50, 100, 5000),
  defaultCount: fc.constantFrom(null, 50),
  movesPerRequest: fc.integer({ min: 0, max: 3 }),
  moves: fc.subarray([...everyMove]),
  lie: fc.constantFrom(0, 0, 1, 3),
  burstSize: fc.constantFrom(2, 30, 150),
  bad: fc.constantFrom(0, 0, 0.03),
});

/** Borders among the rows, at one of them, and beside all. */
function borderIn({ rows }: MovingList, share: number | null): number | null {
  if (share === null) return null;
  const row = rows[Math.floor(share * rows.length)];
  return share < 0 ? 900_000 : share > 1 ? 90_000_000 : (row?.tsMs ?? 1_000_000);
}

const anyBorder = fc.option(fc.double({ min: -0.1, max: 1.1, noNaN: true }));

const quiet: ListRules = {
  ...{ size: 10_000, ties: 0.02, cap: 100, defaultCount: null, movesPerRequest: 0, moves: [], lie: 0, burstSize: 0 },
};

/** What a period may cost: its own pages, the way to them, and two. */
function mostRequests(wanted: number, pages: number, pageRows: number): number {
  return Math.ceil(wanted / pageRows) + 2 + Math.ceil(Math.log2(pages));
}

describe('walk over a period of a list', () => {
  it('takes every survivor of the period exactly once and nothing else, whatever moves', async () => {
    await fc.assert(
      fc.asyncProperty(
        ...[anyRules, fc.integer(), fc.integer({ min: 1, max: 8 }), anyBorder, anyBorder],
        fc.option(fc.integer({ min: 0, max: 600 })),
        async (rules, seed, ahead, from, to, listRows) => {
          const list = new MovingList(rules, seededRandom(seed));
          const period = { sinceMs: borderIn(list, from), untilMs: borderIn(list, to) };
          const due = new Set(list.rows.filter((row) => isInPeriod(row, period)).map(({ id }) => id));
          const taken = await walkPeriod(list, { ...period, listRows, ahead }).catch((error: unknown) => error);
          if (taken instanceof RoomError && rules.movesPerRequest > 0 && taken.reason !== 'wire') return;
          // Where nothing can be read at all, the list is the gap.
          if (taken instanceof RoomError && taken.reason === 'http-500') return;
          if (taken instanceof Error) throw taken;
          const { rows } = taken as Taken;
          const ids = rows.map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
          expect(rows.filter((row) => !isInPeriod(row, period))).toEqual([]);
          expect(list.survivors().filter((id) => due.has(id) && !ids.includes(id))).toEqual([]);
        },
      ),
      { numRuns: Number(process.env['WALK_RUNS'] ?? quickOrLong(50, 1_000)) },
    );
  }, 600_000);

  it.each(quickOrLong([50], [0, 1, 50, 250, 500, 2_000]))(
    'asks for the pages of a period of %i rows and the way to them, wherever it lies',
    async (wanted) => {
      const over: unknown[] = [];
      for (const at of [0, 1, 99, 137, 5_000, 7_531, 9_900, 10_000]) {
        for (const listRows of [10_000, null]) {
          const list = new MovingList({ ...quiet, ties: 0 }, seededRandom(at));
          const sinceMs = list.rows[at]?.tsMs ?? 1e12;
          const untilMs = list.rows[at + wanted]?.tsMs ?? 2e12;
          const { rows } = await walkPeriod(list, { sinceMs, untilMs, listRows, ahead: 8, longestPage: { rows: 100 } });
          expect(rows).toHaveLength(Math.min(wanted, 10_000 - at));
          if (list.requests > mostRequests(wanted, 100, 100)) over.push({ at, listRows, requests: list.requests });
        }
      }
      expect({ most: mostRequests(wanted, 100, 100), over }).toMatchObject({ over: [] });
    },
  );

  it('reports no place that cannot be read before the period or behind it', async () => {
    const list = new MovingList({ ...quiet, size: 1_000, ties: 0, bad: 0.02 }, seededRandom(3));
    const sinceMs = list.rows[400]?.tsMs ?? 0;
    const untilMs = list.rows[500]?.tsMs ?? 0;
    const { rows, holes } = await walkPeriod(list, { sinceMs, untilMs, listRows: 1_000 });
    const due = list.rows.filter((row) => isInPeriod(row, { sinceMs, untilMs }));
    expect(rows.map(({ id }) => id)).toEqual(due.filter(({ bad }) => !bad).map(({ id }) => id));
    expect(holes.reduce((sum, hole) => sum + hole.rows, 0)).toBe(due.filter(({ bad }) => bad).length);
  });
});
