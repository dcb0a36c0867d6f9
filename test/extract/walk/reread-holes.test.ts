import { describe, expect, it } from '@jest/globals';
import { rereadHoles } from '../../../src/extract/walk/reread-holes.ts';
import { walk } from '../../../src/extract/walk/walk.ts';
import { fromTheBeginning, type Hole, type Watermark } from '../../../src/model/stream.ts';
import {
  expectHeals,
  firstRun,
  laterRun,
  rereadRows,
  type HealingReader,
} from '../../support/workspaces/healing-list.ts';
import { MovingList, quietRules, seededRandom } from '../../support/workspaces/moving-list.ts';
import { requestText, rowMs, rowsFrom, StillList } from '../../support/workspaces/still-list.ts';
import { takeRows } from '../../support/workspaces/taken-rows.ts';

const longestPage = { rows: 0 };
const quiet = { ...quietRules, cap: 20 };

const reader: HealingReader = {
  walk: (list, cursor) => takeRows(walk(list.fetch, { cursor, longestPage })),
  reread: (list, { holes, cursor }) => rereadRows(rereadHoles(list.fetch, holes, { ...cursor, longestPage })),
};

describe('rereadHoles', () => {
  it('takes what can be read by now exactly once, beside what cannot, though rows came and went, and keeps the rest', () =>
    expectHeals(reader, fromTheBeginning));

  it('reads the tail of a hole whose head stays unreadable (regression: it waited with its head)', async () => {
    const list = new MovingList({ ...quiet, size: 100 }, seededRandom(1));
    const bad = [40, 41, 42, 43].flatMap((at) => list.rows[at] ?? []);
    for (const row of bad) Object.assign(row, { bad: true });
    const first = await firstRun(reader, list, fromTheBeginning);
    expect(first.holes).toMatchObject([{ rows: 4 }]);
    for (const row of bad.slice(1)) Object.assign(row, { bad: false });
    const later = await laterRun(reader, list, first);
    expect(later.ids).toEqual(bad.slice(1).map(({ id }) => id));
    expect(later.holes).toMatchObject([{ rows: 1, before: { id: bad[1]?.id } }]);
  });

  it('reads a hole of the last minute when it heals (regression: lost, for it lay on both sides of the watermark)', async () => {
    const list = new MovingList({ ...quiet, size: 20 }, seededRandom(1));
    const newestMs = list.rows.at(-1)?.tsMs ?? 0;
    list.post(newestMs + 10_000);
    list.post(newestMs + 100_000);
    const bad = list.rows.at(-2);
    Object.assign(bad ?? {}, { bad: true });
    const first = await firstRun(reader, list, fromTheBeginning);
    Object.assign(bad ?? {}, { bad: false });
    expect(await laterRun(reader, list, first)).toMatchObject({ ids: [bad?.id], holes: [] });
  });

  it('costs a request when the hole can be read, and a handful when it cannot', async () => {
    const list = new MovingList({ ...quiet, size: 100 }, seededRandom(1));
    Object.assign(list.rows[40] ?? {}, { bad: true });
    const first = await firstRun(reader, list, fromTheBeginning);
    list.requests = 0;
    expect(await reader.reread(list, first, new Set())).toEqual({ ids: [], holes: first.holes });
    expect(list.requests).toBeLessThan(10);
    Object.assign(list.rows[40] ?? {}, { bad: false });
    list.requests = 0;
    expect(await reader.reread(list, first, new Set())).toEqual({ ids: [list.rows[40]?.id], holes: [] });
    expect(list.requests).toBe(1);
  });
});

const place = (row: number): Watermark => ({ tsMs: row * rowMs, id: `m${row}` });

/** The rows behind one and before another, thought to stand at `offset`; null: the beginning or the end of the list. */
function holeBetween(after: number | null, before: number | null, offset: number, rows: number): Hole {
  return {
    ...{ reason: 'http-500', message: 'no', offset, rows, id: null },
    ...{ after: after === null ? null : place(after), before: before === null ? null : place(before) },
  };
}

const placeText = (mark: Watermark | null): string => mark?.id ?? (mark === null ? 'none' : String(mark.tsMs / rowMs));
const holeText = ({ offset, rows, after, before }: Hole): string =>
  `${offset}+${rows}, ${placeText(after)} to ${placeText(before)}`;

interface Options {
  readonly cap?: number;
  readonly watermark?: Watermark | null;
}

/** What is asked for and what comes of it, in lines. */
async function linesOf(list: StillList, holes: readonly Hole[], { cap = 10, watermark = place(100) }: Options = {}) {
  list.cap = cap;
  const lines: string[] = [];
  for await (const reread of rereadHoles(list.fetch, holes, { watermark, longestPage: { rows: cap } })) {
    if (reread.kind === 'hole') {
      lines.push(`hole ${holeText(reread.hole)}`);
      continue;
    }
    const { request, page, from, to, skip } = reread.step;
    const ids = page.rows.slice(from, to).map(({ id }) => id);
    lines.push(
      `filled ${holeText(reread.hole)} by ${requestText(request)}: ${from} to ${to}${skip.length > 0 ? ` but ${skip.join()}` : ''}, ${ids.join(' ')}`,
    );
  }
  return [list.asked.join(', '), ...lines];
}

/** Rows m1 to m`size`, without some, and with some that cannot be read. */
function listTo(size: number, { without = [], bad = [] }: { without?: number[]; bad?: number[] } = {}): StillList {
  const rows = rowsFrom(1, size).filter((_, at) => !without.includes(at + 1));
  return new StillList(rows.map((row) => ({ ...row, bad: bad.some((one) => row.id === `m${one}`) })));
}

const scenes: readonly (readonly [string, StillList, Hole, Options, readonly string[]])[] = [
  [
    'that can be read by now is filled by one page',
    listTo(30),
    holeBetween(10, 13, 10, 2),
    {},
    ['9+5 id', 'filled 10+2, m10 to m13 by 9+5 id: 1 to 3, m11 m12'],
  ],
  [
    'at the beginning, too',
    listTo(30),
    holeBetween(null, 3, 0, 2),
    {},
    ['0+5', 'filled 0+2, none to m3 by 0+5: 0 to 3 but 2, m1 m2 m3'],
  ],
  [
    'that stands further up by now',
    listTo(30, { without: [1, 2, 3, 4, 5, 6] }),
    holeBetween(20, 22, 20, 1),
    {},
    ['19+4 id, 17+4 id, 13+4 id', 'filled 20+1, m20 to m22 by 13+4 id: 1 to 2, m21'],
  ],
  [
    'that stands further down by now',
    listTo(30),
    holeBetween(20, 22, 4, 1),
    {},
    ['3+4 id, 6+4 id, 13+4 id, 24+4 id, 20+4 id, 18+4 id', 'filled 4+1, m20 to m22 by 18+4 id: 2 to 3, m21'],
  ],
  [
    'of which nothing is left is filled with nothing',
    listTo(30, { without: [11, 12] }),
    holeBetween(10, 13, 10, 2),
    {},
    ['9+5 id', 'filled 10+2, m10 to m13 by 9+5 id: 1 to 1, '],
  ],
  [
    'whose neighbours are gone is filled all the same',
    listTo(30, { without: [10, 13] }),
    holeBetween(10, 13, 10, 2),
    {},
    ['9+5 id, 7+5 id', 'filled 10+2, m10 to m13 by 7+5 id: 2 to 4, m11 m12'],
  ],
  ['behind which the list ends by now is over', listTo(10), holeBetween(10, 13, 10, 2), {}, ['9+5 id']],
  [
    'that ends with the list by now',
    listTo(12),
    holeBetween(10, 13, 10, 2),
    {},
    ['9+5 id, 11+4', 'hole 12+1, 12 to m13', 'filled 10+2, m10 to m13 by 9+5 id: 1 to 3, m11 m12'],
  ],
  [
    'that is longer than a page is filled part by part',
    listTo(40),
    holeBetween(10, 21, 10, 10),
    { cap: 4 },
    [
      '9+13 id, 11+11, 13+9, 15+7, 17+5, 19+4',
      'hole 12+8, 12 to m21',
      'filled 10+10, m10 to m21 by 9+13 id: 1 to 3, m11 m12',
      'hole 14+6, 14 to m21',
      'filled 12+8, 12 to m21 by 11+11: 1 to 3, m13 m14',
      'hole 16+4, 16 to m21',
      'filled 14+6, 14 to m21 by 13+9: 1 to 3, m15 m16',
      'hole 18+2, 18 to m21',
      'filled 16+4, 16 to m21 by 15+7: 1 to 3, m17 m18',
      'hole 20+1, 20 to m21',
      'filled 18+2, 18 to m21 by 17+5: 1 to 3, m19 m20',
      'filled 20+1, 20 to m21 by 19+4: 1 to 2 but 1, m21',
    ],
  ],
  [
    'that cannot be read is left',
    listTo(30, { bad: [11, 12] }),
    holeBetween(10, 13, 10, 2),
    {},
    ['9+5 id, 9+2 id, 9+1 id, 10+1 id, 11+5 id, 11+1 id, 12+1 id, 11+1 id, 10+1 id, 9+1 id', 'hole 10+2, m10 to m13'],
  ],
  [
    'whose head cannot be read is filled from there on',
    listTo(30, { bad: [11] }),
    holeBetween(10, 14, 10, 3),
    {},
    [
      '9+6 id, 9+3 id, 9+1 id, 9+2 id, 9+1 id, 10+1 id, 11+6 id, 10+1 id, 9+1 id',
      'hole 10+1, m10 to m12',
      'filled 10+3, m10 to m14 by 11+6 id: 0 to 2, m12 m13',
    ],
  ],
  [
    'whose tail cannot be read is filled up to there',
    listTo(30, { bad: [13] }),
    holeBetween(10, 14, 10, 3),
    {},
    [
      '9+6 id, 9+3 id, 11+4 id, 11+2 id, 11+1 id, 12+1 id, 13+4 id, 12+1 id, 11+1 id',
      'hole 12+1, m12 to m14',
      'filled 10+3, m10 to m14 by 9+3 id: 1 to 3, m11 m12',
      'hole 12+1, m12 to m14',
    ],
  ],
  [
    'whose midst cannot be read is filled around that',
    listTo(30, { bad: [12] }),
    holeBetween(10, 14, 10, 3),
    {},
    [
      '9+6 id, 9+3 id, 9+1 id, 9+2 id, 10+5 id, 10+2 id, 10+1 id, 11+1 id, 12+5 id, 11+1 id, 10+1 id',
      'hole 11+2, m11 to m14',
      'filled 10+3, m10 to m14 by 9+2 id: 1 to 2, m11',
      'hole 11+1, m11 to m13',
      'filled 11+2, m11 to m14 by 12+5 id: 0 to 1, m13',
    ],
  ],
  [
    'that cannot be read at the end of the list is left as it was',
    listTo(11, { bad: [11] }),
    holeBetween(10, 12, 10, 1),
    {},
    ['9+4 id, 9+2 id, 9+1 id, 10+1 id, 11+4 id, 10+1 id, 9+1 id', 'hole 10+1, m10 to m12'],
  ],
  [
    'that stands where an earlier one cannot be read',
    listTo(30, { bad: [5] }),
    holeBetween(8, 10, 5, 1),
    {},
    [
      '4+4 id, 4+2 id, 4+1 id, 3+1 id, 4+1 id, 5+4 id, 4+1 id, 3+1 id, 8+4 id',
      'hole 9+1, m9 to m10',
      'filled 5+1, m8 to m10 by 5+4 id: 3 to 4, m9',
      'filled 9+1, m9 to m10 by 8+4 id: 1 to 1, ',
    ],
  ],
  [
    'right behind an earlier one',
    listTo(30, { bad: [9] }),
    holeBetween(10, 12, 9, 1),
    {},
    ['8+4 id, 8+2 id, 8+1 id, 7+1 id, 8+1 id, 9+4 id, 8+1 id, 7+1 id', 'filled 9+1, m10 to m12 by 9+4 id: 1 to 2, m11'],
  ],
  [
    'that reaches beyond the watermark ends there',
    listTo(30),
    holeBetween(10, 14, 10, 3),
    { watermark: { tsMs: 12 * rowMs, id: null } },
    ['9+6 id', 'filled 10+3, m10 to m14 by 9+6 id: 1 to 3, m11 m12'],
  ],
  [
    'that begins at the watermark',
    listTo(30),
    holeBetween(10, 12, 10, 1),
    { watermark: { tsMs: 10 * rowMs, id: null } },
    ['9+4 id', 'filled 10+1, m10 to m12 by 9+4 id: 1 to 1, '],
  ],
  [
    'that begins behind the watermark is not asked for: the walk comes by it',
    listTo(30),
    holeBetween(10, 12, 10, 1),
    { watermark: { tsMs: 9.9 * rowMs, id: null } },
    [''],
  ],
  ['of a list that nothing was read of, too', listTo(30), holeBetween(null, 2, 0, 1), { watermark: null }, ['']],
  ['at the end of the list, too', listTo(30), holeBetween(29, null, 29, 1), {}, ['']],
];

describe('a hole', () => {
  it.each(scenes)('%s', async (_, list, hole, options, lines) => {
    expect(await linesOf(list, [hole], options)).toEqual(lines);
  });

  it('within one millisecond is filled by what stands between its neighbours', async () => {
    const burst = ['f', 'b', 'd', 'a', 'c', 'e'].map((id) => ({ id, tsMs: 3 * rowMs }));
    const list = new StillList([...rowsFrom(1, 2), ...burst, ...rowsFrom(4, 3)]);
    const at = (id: string): Watermark => ({ tsMs: 3 * rowMs, id });
    const hole = { ...holeBetween(null, null, 4, 2), after: at('b'), before: at('e') };
    expect(await linesOf(list, [hole])).toEqual(['3+5 id', 'filled 4+2, b to e by 3+5 id: 1 to 3, c d']);
  });

  it('before a burst takes none of it that earlier runs took', async () => {
    const burst = ['c', 'a', 'b'].map((id) => ({ id, tsMs: 6 * rowMs }));
    const list = new StillList([...rowsFrom(1, 5), ...burst, ...rowsFrom(7, 3)]);
    const hole = { ...holeBetween(1, null, 1, 6), before: { tsMs: 6 * rowMs, id: 'b' } };
    expect(await linesOf(list, [hole], { cap: 4 })).toEqual([
      '0+9 id, 2+7, 4+5, 4+5 id',
      'hole 3+4, 3 to b',
      'filled 1+6, m1 to b by 0+9 id: 1 to 3, m2 m3',
      'hole 5+2, 5 to b',
      'filled 3+4, 3 to b by 2+7: 1 to 3, m4 m5',
      'filled 5+2, 5 to b by 4+5 id: 1 to 2, a',
    ]);
  });

  it('is tried by itself, and so is the next', async () => {
    const holes = [holeBetween(3, 5, 3, 1), holeBetween(20, 22, 20, 1)];
    expect(await linesOf(listTo(30, { bad: [4] }), holes)).toEqual([
      '2+4 id, 2+2 id, 2+1 id, 3+1 id, 4+4 id, 3+1 id, 2+1 id, 19+4 id',
      'hole 3+1, m3 to m5',
      'filled 20+1, m20 to m22 by 19+4 id: 1 to 2, m21',
    ]);
  });
});
