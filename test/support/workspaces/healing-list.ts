import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Cursor, Hole } from '../../../src/model/stream.ts';
import { quickOrLong } from '../quick-or-long.ts';
import { MovingList, quietRules, seededRandom } from './moving-list.ts';
import { takenRows, type Taken, type TakingStep } from './taken-rows.ts';

/** What a run has read of a list, and what it leaves to the next one. */
export interface Read {
  readonly ids: readonly string[];
  readonly holes: readonly Hole[];
  readonly cursor: Cursor;
}

/** How a list is read in which rows cannot be read, some of them for a while only. */
export interface HealingReader {
  /** What is new behind the cursor. */
  readonly walk: (list: MovingList, cursor: Cursor) => Promise<Taken<unknown>>;
  /** What earlier runs could not read; `known` they took. */
  readonly reread: (list: MovingList, earlier: Read, known: ReadonlySet<string>) => Promise<Omit<Read, 'cursor'>>;
}

const placeOf = ({ after, before }: Hole): string => JSON.stringify([after, before]);

/** What holes show by now, and what is left of them. */
export async function rereadRows(
  rereads: AsyncIterable<
    | { readonly kind: 'hole'; readonly hole: Hole }
    | { readonly kind: 'filled'; readonly hole: Hole; readonly step: TakingStep }
  >,
): Promise<Omit<Read, 'cursor'>> {
  const ids: string[] = [];
  const left = new Map<string, Hole>();
  for await (const one of rereads) {
    if (one.kind === 'hole') left.set(placeOf(one.hole), one.hole);
    else {
      left.delete(placeOf(one.hole));
      ids.push(...takenRows(one.step).map(({ id }) => id));
    }
  }
  return { ids, holes: [...left.values()] };
}

export async function firstRun({ walk }: HealingReader, list: MovingList, start: Cursor): Promise<Read> {
  const { rows, holes, cursor } = await walk(list, start);
  if (cursor === undefined) throw new Error('The walk did not come to its end');
  return { ids: rows.map(({ id }) => id), holes, cursor };
}

/** As a run does: first what earlier runs could not read, then what is new. */
export async function laterRun(
  reader: HealingReader,
  list: MovingList,
  earlier: Read,
  known: ReadonlySet<string> = new Set(earlier.ids),
): Promise<Read> {
  const first = await reader.reread(list, earlier, known);
  const { ids, holes, cursor } = await firstRun(reader, list, earlier.cursor);
  const places = new Map([...first.holes, ...holes].map((hole) => [placeOf(hole), hole]));
  return { ids: [...first.ids, ...ids], holes: [...places.values()], cursor };
}

/** Fails unless runs take what can be read by now exactly once, beside what cannot, and keep the rest. */
export async function expectHeals(reader: HealingReader, start: Cursor): Promise<void> {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.constantFrom(0.02, 0.1, 0.2),
      fc.nat(9),
      fc.constantFrom(0, 0.1, 0.5),
      async (seed, bad, gone, ties) => {
        const random = seededRandom(seed);
        const list = new MovingList({ ...quietRules, cap: 20, ties, size: 150, bad }, random);
        let run = await firstRun(reader, list, start);
        const all = [...run.ids];
        for (const share of [0.6, 0.3, 0]) {
          list.rows.splice(0, gone);
          list.post((list.rows.at(-1)?.tsMs ?? 0) + Math.floor(random() * 90_000));
          for (const row of list.rows) Object.assign(row, { bad: row.bad && random() < share });
          run = await laterRun(reader, list, run, new Set(all));
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
    { numRuns: quickOrLong(25, 300) },
  );
}
