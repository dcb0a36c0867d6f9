import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rereadHoles } from '../../../src/extract/walk/reread-holes.ts';
import type { ListPage } from '../../../src/extract/walk/page.ts';
import { walk, type PageStep } from '../../../src/extract/walk/walk.ts';
import { fromTheBeginning, type Cursor, type Hole } from '../../../src/model/stream.ts';
import { MovingList, seededRandom } from '../../support/workspaces/moving-list.ts';

const quiet = { ties: 0.1, cap: 20, defaultCount: null, movesPerRequest: 0, moves: [], lie: 0, burstSize: 0 } as const;
const longestPage = { rows: 0 };

interface Read {
  readonly ids: readonly string[];
  readonly holes: readonly Hole[];
  readonly cursor: Cursor;
}

async function walkFrom(list: MovingList, start: Cursor): Promise<Read> {
  const ids: string[] = [];
  const holes: Hole[] = [];
  const steps = walk(list.fetch, { cursor: start, longestPage });
  for (;;) {
    const { value, done } = await steps.next();
    if (done === true) return { ids, holes, cursor: value };
    if (value.kind === 'hole') holes.push(value.hole);
    else ids.push(...takenOf(value));
  }
}

function takenOf({ page, from, to, skip }: PageStep<ListPage>): readonly string[] {
  return page.rows.flatMap(({ id }, at) => (at >= from && at < to && !skip.includes(at) ? [id] : []));
}

async function reread(list: MovingList, { holes, cursor }: Read): Promise<Pick<Read, 'ids' | 'holes'>> {
  const ids: string[] = [];
  const left = new Map<string, Hole>();
  for await (const one of rereadHoles(list.fetch, holes, { ...cursor, longestPage })) {
    const place = JSON.stringify([one.hole.after, one.hole.before]);
    if (one.kind === 'hole') left.set(place, one.hole);
    else {
      left.delete(place);
      ids.push(...takenOf(one.step));
    }
  }
  return { ids, holes: [...left.values()] };
}

/** As a run does: first what earlier runs could not read, then what is new. */
async function laterRun(list: MovingList, earlier: Read): Promise<Read> {
  const first = await reread(list, earlier);
  const { ids, holes, cursor } = await walkFrom(list, earlier.cursor);
  const places = new Map([...first.holes, ...holes].map((hole) => [JSON.stringify([hole.after, hole.before]), hole]));
  return { ids: [...first.ids, ...ids], holes: [...places.values()], cursor };
}

describe('rereadHoles', () => {
  it('takes what can be read by now exactly once, beside what cannot, though rows came and went, and keeps the rest', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.constantFrom(0.02, 0.1, 0.2),
        fc.nat(9),
        fc.constantFrom(0, 0.1, 0.5),
        async (seed, bad, gone, ties) => {
          const random = seededRandom(seed);
          const list = new MovingList({ ...quiet, ties, size: 150, bad }, random);
          let run = await walkFrom(list, fromTheBeginning);
          const all = [...run.ids];
          for (const share of [0.6, 0.3, 0]) {
            list.rows.splice(0, gone);
            list.post((list.rows.at(-1)?.tsMs ?? 0) + Math.floor(random() * 90_000));
            for (const row of list.rows) Object.assign(row, { bad: row.bad && random() < share });
            run = await laterRun(list, run);
            all.push(...run.ids);
            expect(new Set(all).size).toBe(all.length);
            const missing = list.rows.filter((row) => !row.bad && !all.includes(row.id));
            // What a stride through a long hole passes over is part of it.
            if (run.holes.every(({ rows }) => rows <= 8)) expect(missing).toEqual([]);
            const isNamed = (row: { readonly tsMs: number }): boolean =>
              run.holes.some(
                ({ after, before }) => row.tsMs >= (after?.tsMs ?? 0) && row.tsMs <= (before?.tsMs ?? Infinity),
              );
            expect(list.rows.filter((row) => row.bad && !isNamed(row))).toEqual([]);
          }
          expect(run.holes).toEqual([]);
        },
      ),
      { numRuns: Number(process.env['WALK_RUNS'] ?? 100) },
    );
  });

  it('reads the tail of a hole whose head stays unreadable (regression: it waited with its head)', async () => {
    const list = new MovingList({ ...quiet, ties: 0, size: 100 }, seededRandom(1));
    const bad = [40, 41, 42, 43].flatMap((at) => list.rows[at] ?? []);
    for (const row of bad) Object.assign(row, { bad: true });
    const first = await walkFrom(list, fromTheBeginning);
    expect(first.holes).toMatchObject([{ rows: 4 }]);
    for (const row of bad.slice(1)) Object.assign(row, { bad: false });
    const later = await laterRun(list, first);
    expect(later.ids).toEqual(bad.slice(1).map(({ id }) => id));
    expect(later.holes).toMatchObject([{ rows: 1, before: { id: bad[1]?.id } }]);
  });

  it('reads a hole of the last minute when it heals (regression: lost, for it lay on both sides of the watermark)', async () => {
    const list = new MovingList({ ...quiet, ties: 0, size: 20 }, seededRandom(1));
    const newestMs = list.rows.at(-1)?.tsMs ?? 0;
    list.post(newestMs + 10_000);
    list.post(newestMs + 100_000);
    const bad = list.rows.at(-2);
    Object.assign(bad ?? {}, { bad: true });
    const first = await walkFrom(list, fromTheBeginning);
    Object.assign(bad ?? {}, { bad: false });
    expect(await laterRun(list, first)).toMatchObject({ ids: [bad?.id], holes: [] });
  });

  it('costs a request when the hole can be read, and a handful when it cannot', async () => {
    const list = new MovingList({ ...quiet, ties: 0, size: 100 }, seededRandom(1));
    Object.assign(list.rows[40] ?? {}, { bad: true });
    const first = await walkFrom(list, fromTheBeginning);
    list.requests = 0;
    expect(await reread(list, first)).toEqual({ ids: [], holes: first.holes });
    expect(list.requests).toBeLessThan(10);
    Object.assign(list.rows[40] ?? {}, { bad: false });
    list.requests = 0;
    expect(await reread(list, first)).toEqual({ ids: [list.rows[40]?.id], holes: [] });
    expect(list.requests).toBe(1);
  });
});
