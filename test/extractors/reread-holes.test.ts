import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rereadHoles } from '../../src/extractors/reread-holes.ts';
import { walk } from '../../src/extractors/walk.ts';
import { fromTheBeginning, type Cursor, type Hole } from '../../src/stream.ts';
import { MovingList, seededRandom } from '../support/moving-list.ts';

const quiet = { ties: 0.1, cap: 20, defaultCount: null, movesPerRequest: 0, moves: [], lie: 0, burstSize: 0 } as const;
const longestPage = { rows: 0 };

async function firstRun(list: MovingList): Promise<{ ids: string[]; holes: Hole[]; cursor: Cursor }> {
  const ids: string[] = [];
  const holes: Hole[] = [];
  const steps = walk(list.fetch, { cursor: fromTheBeginning, longestPage });
  for (;;) {
    const { value, done } = await steps.next();
    if (done === true) return { ids, holes, cursor: value };
    if (value.kind === 'hole') holes.push(value.hole);
    else ids.push(...value.page.rows.slice(value.from, value.to).map(({ id }) => id));
  }
}

async function laterRun(list: MovingList, holes: readonly Hole[], cursor: Cursor) {
  const ids: string[] = [];
  const left = new Set<Hole>();
  for await (const reread of rereadHoles(list.fetch, holes, { ...cursor, longestPage })) {
    if (reread.kind === 'hole') left.add(reread.hole);
    else {
      left.delete(reread.hole);
      ids.push(...reread.step.page.rows.slice(reread.step.from, reread.step.to).map(({ id }) => id));
    }
  }
  return { ids, left: [...left] };
}

describe('rereadHoles', () => {
  it('takes what can be read by now exactly once, though rows came and went before it, and keeps the rest', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom(0.02, 0.1), fc.nat(9), async (seed, bad, gone) => {
        const random = seededRandom(seed);
        const list = new MovingList({ ...quiet, size: 150, bad }, random);
        const { ids, holes, cursor } = await firstRun(list);
        const settled = holes.filter(({ before }) => before !== null && before.tsMs <= (cursor.watermark?.tsMs ?? 0));
        const wasBad = new Set(list.rows.filter((row) => row.bad).map(({ id }) => id));

        const stillBad = new Set([...wasBad].filter(() => random() < 0.3));
        list.rows.splice(0, gone);
        for (const row of list.rows) Object.assign(row, { bad: stillBad.has(row.id) });
        const later = await laterRun(list, holes, cursor);

        const all = [...ids, ...later.ids];
        expect(new Set(all).size).toBe(all.length);
        expect(later.ids.every((id) => wasBad.has(id) && !stillBad.has(id))).toBe(true);
        expect(later.left.length).toBeLessThanOrEqual(settled.length);
        if (stillBad.size > 0) return;
        expect(later.left).toEqual([]);
        const isSettled = ({ tsMs }: { readonly tsMs: number }): boolean => tsMs < (cursor.watermark?.tsMs ?? 0);
        const missing = list.rows.filter((row) => isSettled(row) && !all.includes(row.id)).map(({ id }) => id);
        const atTheEnd = holes.filter((hole) => !settled.includes(hole)).flatMap(({ after }) => after?.tsMs ?? 0);
        expect(atTheEnd.length > 0 ? [] : missing).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('costs a request when the hole can be read, and a handful when it cannot', async () => {
    const list = new MovingList({ ...quiet, ties: 0, size: 100 }, seededRandom(1));
    Object.assign(list.rows[40] ?? {}, { bad: true });
    const { holes, cursor } = await firstRun(list);
    list.requests = 0;
    expect(await laterRun(list, holes, cursor)).toEqual({ ids: [], left: holes });
    expect(list.requests).toBeLessThan(10);
    Object.assign(list.rows[40] ?? {}, { bad: false });
    list.requests = 0;
    expect(await laterRun(list, holes, cursor)).toEqual({ ids: [list.rows[40]?.id], left: [] });
    expect(list.requests).toBe(1);
  });
});
