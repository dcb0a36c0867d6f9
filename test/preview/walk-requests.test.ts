import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { walkHistory } from '../../src/extract/history/walk-history.ts';
import { historyWalkRequests, offsetWalkRequests } from '../../src/preview/walk-requests.ts';
import { greedyPageSize, walk } from '../../src/extract/walk/walk.ts';
import { fromTheBeginning, type Cursor } from '../../src/model/stream.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

/** A list that holds still, oldest first, two minutes between rows: nothing of it is unsettled but the newest. */
function listOf(length: number) {
  return Array.from({ length }, (_, at) => ({ id: String(at).padStart(6, '0'), tsMs: (at + 1) * 120_000 }));
}

async function walkedBy(
  length: number,
  cap: number,
  longestRows: number,
  pageSize: number,
  cursor: Cursor,
  isCounted = false,
) {
  const list = listOf(length);
  const longestPage = { rows: longestRows };
  let requests = 0;
  const steps = walk(
    ({ offset, count }) => {
      requests += 1;
      const rows = count === 0 ? list.slice(offset) : list.slice(offset, offset + Math.min(count, cap));
      return Promise.resolve({ rows, total: length });
    },
    { cursor, pageSize, longestPage, countedRows: isCounted ? length : 0 },
  );
  for (;;) {
    const { value, done } = await steps.next();
    if (done === true) return { requests, longestPage: longestPage.rows, cursor: value };
  }
}

describe('the requests of a walk', () => {
  it('by offset are as many as the walk makes, from the beginning and from where it left off', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(400),
        fc.integer({ min: 4, max: 60 }),
        fc.nat(60),
        fc.oneof(fc.integer({ min: 4, max: 70 }), fc.constant(greedyPageSize)),
        fc.nat(200),
        fc.boolean(),
        async (length, cap, seen, pageSize, growth, isCounted) => {
          const before = Math.min(seen, cap);
          const first = await walkedBy(length, cap, before, pageSize, fromTheBeginning, isCounted);
          expect(offsetWalkRequests({ rows: length, pageSize, cap, longestPage: before, isCounted })).toEqual({
            requests: first.requests,
            longestPage: first.longestPage,
          });
          // A list of one row leaves no overlap, whatever the walk does.
          if (length === 0 || first.longestPage < 3) return;
          const next = await walkedBy(length + growth, cap, first.longestPage, pageSize, first.cursor);
          const rows = length + growth - first.cursor.offset;
          const expected = offsetWalkRequests({
            rows,
            pageSize,
            cap,
            longestPage: first.longestPage,
            isCounted: false,
          });
          expect(expected.requests).toBe(next.requests);
        },
      ),
      { numRuns: quickOrLong(80, 800) },
    );
  });

  it('are counted for a list that nobody could step through (regression: a plan that never ended)', () => {
    const rows = Number.MAX_SAFE_INTEGER;
    expect(
      offsetWalkRequests({ rows, cap: 100, pageSize: 5_000, longestPage: 0, isCounted: true }).requests,
    ).toBeCloseTo(rows / 98, -4);
    expect(historyWalkRequests({ rows, hasOlder: false, pageSize: 100 })).toBeCloseTo(rows / 99, -4);
  });

  it('by time are as many as the walk makes', async () => {
    const count = async (length: number, pageSize: number, cursor: Cursor) => {
      const list = listOf(length).reverse();
      let requests = 0;
      const steps = walkHistory(
        ({ latestMs, count: wanted }) => {
          requests += 1;
          return Promise.resolve({
            rows: list.filter(({ tsMs }) => latestMs === null || tsMs <= latestMs).slice(0, wanted),
          });
        },
        { cursor, pageSize },
      );
      for (;;) {
        const { value, done } = await steps.next();
        if (done === true) return { requests, cursor: value };
      }
    };
    await fc.assert(
      fc.asyncProperty(fc.nat(200), fc.integer({ min: 3, max: 60 }), fc.nat(100), async (length, pageSize, growth) => {
        const first = await count(length, pageSize, fromTheBeginning);
        expect(historyWalkRequests({ rows: length, hasOlder: false, pageSize })).toBe(first.requests);
        if (length < 2) return;
        const next = await count(length + growth, pageSize, first.cursor);
        const rows = growth + first.cursor.deliveredIds.length;
        expect(historyWalkRequests({ rows, hasOlder: true, pageSize })).toBe(next.requests);
      }),
      { numRuns: quickOrLong(80, 800) },
    );
  });
});
