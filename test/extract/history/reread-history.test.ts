import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rereadHistory } from '../../../src/extract/history/reread-history.ts';
import { walkHistory } from '../../../src/extract/history/walk-history.ts';
import { fromTheBeginning, type Cursor, type Hole } from '../../../src/model/stream.ts';
import { MovingList, seededRandom } from '../../support/workspaces/moving-list.ts';

const quiet = { ties: 0.1, cap: 20, defaultCount: null, movesPerRequest: 0, moves: [], lie: 0, burstSize: 0 } as const;
const pageSize = 20;

interface Read {
  readonly ids: readonly string[];
  readonly holes: readonly Hole[];
  readonly cursor: Cursor;
}

async function walkFrom(list: MovingList, start: Cursor): Promise<Read> {
  const ids: string[] = [];
  const holes: Hole[] = [];
  const steps = walkHistory(list.fetchHistory, { cursor: start, pageSize });
  for (;;) {
    const { value, done } = await steps.next();
    if (done === true) return { ids, holes, cursor: value };
    if (value.kind === 'hole') holes.push(value.hole);
    else ids.push(...value.page.rows.flatMap(({ id }, at) => (isTaken(value, at) ? [id] : [])));
  }
}

const isTaken = (
  { from, to, skip }: { readonly from: number; readonly to: number; readonly skip: readonly number[] },
  at: number,
): boolean => at >= from && at < to && !skip.includes(at);

/** As a run does: first what earlier runs could not read, then what is new. What it has already is left out of the first. */
async function laterRun(list: MovingList, known: ReadonlySet<string>, { holes, cursor }: Read): Promise<Read> {
  const ids: string[] = [];
  const left = new Set<string>();
  for await (const reread of rereadHistory(list.fetchHistory, holes, { ...cursor, pageSize })) {
    const place = JSON.stringify([reread.hole.after, reread.hole.before]);
    if (reread.kind === 'hole') left.add(place);
    else {
      left.delete(place);
      const { step } = reread;
      const shown = step.page.rows.filter(({ id }, at) => isTaken(step, at) && !known.has(id) && !ids.includes(id));
      ids.push(...shown.map(({ id }) => id));
    }
  }
  const rest = await walkFrom(list, cursor);
  const open = [...left].map((place) => {
    const [after, before] = JSON.parse(place) as [Hole['after'], Hole['before']];
    return { reason: 'http-500', message: '', offset: 0, rows: 1, id: null, after, before };
  });
  return { ids: [...ids, ...rest.ids], holes: [...open, ...rest.holes], cursor: rest.cursor };
}

describe('rereadHistory', () => {
  it('takes what can be read by now exactly once, beside what cannot, and keeps the rest', async () => {
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
          list.rows.splice(0, gone);
          for (const share of [0.6, 0.3, 0]) {
            list.post((list.rows.at(-1)?.tsMs ?? 0) + Math.floor(random() * 90_000));
            for (const row of list.rows) Object.assign(row, { bad: row.bad && random() < share });
            run = await laterRun(list, new Set(all), run);
            all.push(...run.ids);
            expect(new Set(all).size).toBe(all.length);
            const missing = list.rows.filter((row) => !row.bad && !all.includes(row.id));
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

  it('costs a request when the hole can be read, and a handful when it cannot', async () => {
    const list = new MovingList({ ...quiet, ties: 0, size: 100 }, seededRandom(1));
    Object.assign(list.rows[40] ?? {}, { bad: true });
    const first = await walkFrom(list, fromTheBeginning);
    const reread = async (): Promise<readonly string[]> => {
      const kinds = [];
      for await (const { kind } of rereadHistory(list.fetchHistory, first.holes, { ...first.cursor, pageSize })) {
        kinds.push(kind);
      }
      return kinds;
    };
    list.requests = 0;
    expect(await reread()).toEqual(['hole']);
    expect(list.requests).toBeLessThan(10);
    Object.assign(list.rows[40] ?? {}, { bad: false });
    list.requests = 0;
    expect(await reread()).toEqual(['filled']);
    expect(list.requests).toBe(1);
  });
});
