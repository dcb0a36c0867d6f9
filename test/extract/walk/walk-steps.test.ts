import { describe, expect, it } from '@jest/globals';
import { RoomError } from '../../../src/errors.ts';
import { walk } from '../../../src/extract/walk/walk.ts';
import type { WalkOptions } from '../../../src/extract/walk/walk-options.ts';
import { fromTheBeginning, type Cursor, type Watermark } from '../../../src/model/stream.ts';
import { requestText, rowMs, rowsFrom, StillList } from '../../support/workspaces/still-list.ts';

/** A cursor behind row `row` (or between two), which is thought to stand at `offset`. */
function behind(row: number, offset: number, ...deliveredIds: readonly string[]): { readonly cursor: Cursor } {
  return { cursor: { watermark: { tsMs: row * rowMs, id: null }, offset, deliveredIds } };
}

const placeText = (place: Watermark | null): string =>
  place === null ? 'none' : `${place.tsMs / rowMs}${place.id === null ? '' : ` ${place.id}`}`;

const cursorText = ({ watermark, offset, deliveredIds }: Cursor): string =>
  `${placeText(watermark)} @${offset}${deliveredIds.map((id) => ` ${id}`).join('')}`;

/** All that a walk asks for, yields and returns, in lines. */
async function linesOf(
  list: Pick<StillList, 'fetch' | 'asked'>,
  options: Partial<WalkOptions>,
): Promise<readonly string[]> {
  const totals: number[] = [];
  const onTotal = (rows: number): void => void totals.push(rows);
  const steps = walk(list.fetch, { cursor: fromTheBeginning, longestPage: { rows: 0 }, onTotal, ...options });
  const lines: string[] = [];
  for (;;) {
    const { value, done } = await steps.next();
    if (done === true) {
      return [list.asked.join(', '), ...lines, `end: ${cursorText(value)}, of ${totals.join()}`];
    }
    if (value.kind === 'hole') {
      const { offset, rows, after, before } = value.hole;
      lines.push(`hole ${offset}+${rows}: ${placeText(after)} to ${placeText(before)}; ${cursorText(value.cursor)}`);
      continue;
    }
    const { request, page, from, to, skip, repaired, isLast, isCountedEnd, cursor } = value;
    const skipped = skip.length > 0 ? ` but ${skip.join()}` : '';
    const facts = [isLast && 'last', isCountedEnd && 'counted', repaired > 0 && `${repaired} repaired`];
    const ids = page.rows.slice(from, to).map(({ id }) => id);
    lines.push(
      `${requestText(request)}: ${from} to ${to}${skipped}, ${ids[0]}-${ids.at(-1)}; ${[cursorText(cursor), ...facts.filter((fact) => fact !== false && fact !== undefined)].join(', ')}`,
    );
  }
}

interface Scene {
  readonly list: StillList;
  readonly options?: Partial<WalkOptions>;
}

/** A list of rows m1 to m`size`, some of which cannot be read, and what happens to it before a request. */
function listTo(size: number, bad: readonly number[] = [], ...moves: readonly Move[]): StillList {
  const list = new StillList(rowsFrom(1, size));
  for (const number of bad) setBad(list, number, true);
  for (const [request, move] of moves) list.before.set(request, () => move(list));
  return list;
}

type Move = readonly [request: number, move: (list: StillList) => void];

function setBad({ rows }: StillList, number: number, bad: boolean): void {
  Object.assign(rows.find(({ id }) => id === `m${number}`) ?? {}, { bad });
}

const shrinkBy =
  (count: number) =>
  ({ rows }: StillList): void =>
    void rows.splice(0, count);
const growBy =
  (count: number) =>
  ({ rows }: StillList): void =>
    void rows.unshift(...rowsFrom(-count, count));

const scenes: readonly (readonly [string, Scene, readonly string[]])[] = [
  [
    'a list page by page, each beginning with the last row that was taken',
    { list: listTo(25) },
    [
      '0+, 8+, 16+',
      '0+: 0 to 9, m1-m9; 9 @8',
      '8+: 1 to 9, m10-m17; 17 @16',
      '16+: 1 to 9, m18-m25; 25 @24, last',
      'end: 24.94 @23 m25, of 25',
    ],
  ],
  [
    'a list that three equal counts show to be whole',
    { list: listTo(5), options: { countedRows: 5 } },
    ['0+', '0+: 0 to 5, m1-m5; 5 @4, last, counted', 'end: 4.94 @3 m5, of 5'],
  ],
  [
    'a list ahead of its turn, with one row more at each border',
    { list: listTo(26), options: { mayHold: (held) => held < 2 } },
    [
      '0+, 8+, 15+, 22+',
      '0+: 0 to 9, m1-m9; 9 @8',
      '8+: 1 to 9, m10-m17; 17 @16',
      '15+: 2 to 9, m18-m24; 24 @23',
      '22+: 2 to 4, m25-m26; 26 @25, last',
      'end: 25.94 @24 m26, of 26',
    ],
  ],
  [
    'what is new, without what earlier runs took',
    { list: listTo(25), options: { ...behind(8.5, 7, 'm9', 'm12', 'm99'), longestPage: { rows: 10 } } },
    [
      '7+, 15+, 23+',
      '7+: 1 to 9 but 1,4, m9-m16; 16 @15 m99',
      '15+: 1 to 9, m17-m24; 24 @23 m99',
      '23+: 1 to 2, m25-m25; 25 @24 m99, last',
      'end: 24.94 @23 m25, of 25',
    ],
  ],
  [
    'a list that has shrunk, by as many rows further up',
    { list: listTo(30, [], [3, shrinkBy(7)]) },
    [
      '0+, 8+, 16+, 9+, 21+, 21+ id, 22+ id, 22+0 id',
      '0+: 0 to 9, m1-m9; 9 @8',
      '8+: 1 to 9, m10-m17; 17 @16',
      '9+: 1 to 9, m18-m25; 25 @17, 1 repaired',
      '16+: 2 to 6, m26-m29; 29 @21',
      '21+ id: 1 to 2, m30-m30; 30 m30 @22',
      'end: 29.94 @21 m30, of 23',
    ],
  ],
  [
    'one that shrinks while pages are asked for ahead, none of them twice',
    { list: listTo(40, [], [4, shrinkBy(7)]), options: { mayHold: (held) => held < 3 } },
    [
      '0+, 8+, 15+, 22+, 29+, 36+, 15+, 31+, 31+ id, 32+ id, 32+0 id',
      '0+: 0 to 9, m1-m9; 9 @8',
      '8+: 1 to 9, m10-m17; 17 @16',
      '15+: 2 to 9, m18-m24; 24 @23',
      '15+: 2 to 9, m25-m31; 31 @23, 1 repaired',
      '22+: 2 to 9, m32-m38; 38 @30',
      '29+: 2 to 3, m39-m39; 39 @31',
      '31+ id: 1 to 2, m40-m40; 40 m40 @32',
      'end: 39.94 @31 m40, of 33',
    ],
  ],
  [
    'one that ends before the page that is asked for',
    { list: listTo(30, [], [3, shrinkBy(18)]) },
    [
      '0+, 8+, 16+, 8+, 4+, 0+, 10+, 10+ id, 11+ id, 11+0 id',
      '0+: 0 to 9, m1-m9; 9 @8',
      '8+: 1 to 9, m10-m17; 17 @16',
      '0+: 0 to 9, m19-m27; 27 @8, 3 repaired',
      '8+: 1 to 3, m28-m29; 29 @10',
      '10+ id: 1 to 2, m30-m30; 30 m30 @11',
      'end: 29.94 @10 m30, of 12',
    ],
  ],
  [
    'one that ends before pages asked for ahead',
    { list: listTo(50, [], [3, shrinkBy(38)]), options: { mayHold: (held) => held < 3 } },
    [
      '0+, 8+, 15+, 22+, 29+, 7+, 3+, 0+, 10+, 10+ id, 11+ id, 11+0 id',
      '0+: 0 to 9, m1-m9; 9 @8',
      '8+: 1 to 9, m10-m17; 17 @16',
      '0+: 0 to 9, m39-m47; 47 @8, 3 repaired',
      '7+: 2 to 4, m48-m49; 49 @10',
      '10+ id: 1 to 2, m50-m50; 50 m50 @11',
      'end: 49.94 @10 m50, of 12',
    ],
  ],
  [
    'a list that has grown at its beginning',
    { list: listTo(30, [], [3, growBy(25)]) },
    [
      '0+, 8+, 16+, 25+, 44+, 39+, 52+, 53+, 53+ id, 54+ id, 54+0 id',
      '0+: 0 to 9, m1-m9; 9 @8',
      '8+: 1 to 9, m10-m17; 17 @16',
      '39+: 3 to 9, m18-m23; 23 @47, 1 repaired',
      '44+: 4 to 9, m24-m28; 28 @52',
      '52+: 1 to 2, m29-m29; 29 @53',
      '53+ id: 1 to 2, m30-m30; 30 m30 @54',
      'end: 29.94 @53 m30, of 55',
    ],
  ],
  [
    'one whose page shows a single new row at its end',
    { list: listTo(30), options: behind(14, 5) },
    ['5+, 13+, 21+', '13+: 1 to 9, m15-m22; 22 @21', '21+: 1 to 9, m23-m30; 30 @29, last', 'end: 29.94 @28 m30, of 30'],
  ],
  [
    'around a row that cannot be read',
    { list: listTo(30, [14]), options: { ...behind(4, 3, 'm99'), longestPage: { rows: 10 } } },
    [
      '3+, 11+, 11+50 id, 11+25 id, 11+12 id, 11+6 id, 11+3 id, 11+1 id, 11+2 id, 13+1 id, 14+ id, 13+1 id, 12+1 id, 22+',
      '3+: 1 to 9, m5-m12; 12 @11 m99',
      '11+2 id: 1 to 2, m13-m13; 13 m13 @12 m99',
      'hole 13+1: 13 m13 to 15 m15; 13 m13 @12 m99',
      '14+ id: 0 to 9, m15-m23; 23 @22 m99',
      '22+: 1 to 8, m24-m30; 30 @29 m99, last',
      'end: 29.94 @28 m30, of 30',
    ],
  ],
  [
    'around one in a list that shrinks while it is looked for',
    { list: listTo(30, [14], [6, shrinkBy(5)]) },
    [
      '0+, 8+, 8+50 id, 8+25 id, 8+12 id, 8+6 id, 8+3 id, 8+1 id, 7+1 id, 2+6 id, 8+1 id, 9+ id, 8+1 id, 7+1 id, 17+, 23+, 23+ id, 24+ id, 24+0 id',
      '0+: 0 to 9, m1-m9; 9 @8',
      '2+6 id: 2 to 6, m10-m13; 13 m13 @7, 1 repaired',
      'hole 8+1: 13 m13 to 15 m15; 13 m13 @7',
      '9+ id: 0 to 9, m15-m23; 23 @17',
      '17+: 1 to 7, m24-m29; 29 @23',
      '23+ id: 1 to 2, m30-m30; 30 m30 @24',
      'end: 29.94 @23 m30, of 25',
    ],
  ],
  [
    'a list whose first row cannot be read',
    { list: listTo(12, [1]) },
    [
      '0+, 0+50 id, 0+25 id, 0+12 id, 0+6 id, 0+3 id, 0+1 id, 0+1 id, 1+ id, 0+1 id, 9+',
      'hole 0+1: none to 2 m2; none @0',
      '1+ id: 0 to 9, m2-m10; 10 @9',
      '9+: 1 to 3, m11-m12; 12 @11, last',
      'end: 11.94 @10 m12, of 12',
    ],
  ],
  [
    'a list whose last row cannot be read',
    { list: listTo(12, [12]) },
    [
      '0+, 8+, 8+50 id, 8+25 id, 8+12 id, 8+6 id, 8+3 id, 10+2 id, 10+1 id, 11+1 id, 12+ id, 11+1 id, 10+1 id',
      '0+: 0 to 9, m1-m9; 9 @8',
      '8+3 id: 1 to 3, m10-m11; 11 m11 @10',
      'hole 11+1: 11 m11 to none; 11 m11 @10',
      'end: 10.94 @10 m11, of 12',
    ],
  ],
  [
    'a row that can be read once it has been found',
    { list: listTo(12, [1], [8, (list) => setBad(list, 1, false)]) },
    [
      '0+, 0+50 id, 0+25 id, 0+12 id, 0+6 id, 0+3 id, 0+1 id, 0+1 id, 0+1 id, 0+ id, 8+',
      '0+1 id: 0 to 1, m1-m1; 1 m1 @0',
      '0+ id: 1 to 9, m2-m9; 9 @8',
      '8+: 1 to 4, m10-m12; 12 @11, last',
      'end: 11.94 @10 m12, of 12',
    ],
  ],
  [
    'to a place never seen, by halving',
    { list: listTo(60), options: { ...behind(45, 0), longestPage: { rows: 10 }, sought: { listRows: 60 } } },
    [
      '25+, 42+, 50+, 58+',
      '42+: 3 to 9, m46-m51; 51 @50',
      '50+: 1 to 9, m52-m59; 59 @58',
      '58+: 1 to 2, m60-m60; 60 @59, last',
      'end: 59.94 @58 m60, of 60',
    ],
  ],
  [
    'to a place in a list that is shorter than was counted',
    { list: listTo(40), options: { ...behind(20, 0), longestPage: { rows: 10 }, sought: { listRows: 90 } } },
    [
      '40+, 15+, 23+, 31+',
      '15+: 5 to 9, m21-m24; 24 @23, 1 repaired',
      '23+: 1 to 9, m25-m32; 32 @31',
      '31+: 1 to 9, m33-m40; 40 @39, last',
      'end: 39.94 @38 m40, of 40',
    ],
  ],
  [
    'to a place behind rows that cannot be read, which are not asked for',
    { list: listTo(60, [29]), options: { ...behind(30, 0), longestPage: { rows: 10 }, sought: { listRows: 60 } } },
    [
      '25+, 25+50 id, 25+25 id, 25+12 id, 25+6 id, 25+3 id, 27+2 id, 27+1 id, 28+1 id, 29+ id, 28+1 id, 27+1 id, 37+, 45+, 53+',
      '29+ id: 1 to 9, m31-m38; 38 @37',
      '37+: 1 to 9, m39-m46; 46 @45',
      '45+: 1 to 9, m47-m54; 54 @53',
      '53+: 1 to 7, m55-m60; 60 @59, last',
      'end: 59.94 @58 m60, of 60',
    ],
  ],
  [
    'to a place beside such a row',
    { list: listTo(40, [31]), options: { ...behind(30, 0), longestPage: { rows: 10 }, sought: { listRows: 40 } } },
    [
      '15+, 27+, 27+50 id, 27+25 id, 27+12 id, 27+6 id, 27+3 id, 29+2 id, 29+1 id, 30+1 id, 31+ id, 30+1 id, 29+1 id',
      'hole 30+1: 30 m30 to 32 m32; 30 @29',
      '31+ id: 0 to 9, m32-m40; 40 @39, last',
      'end: 39.94 @38 m40, of 40',
    ],
  ],
  [
    'to a place at the end, behind which nothing can be read',
    { list: listTo(40, [40]), options: { ...behind(39, 0), longestPage: { rows: 10 }, sought: { listRows: 40 } } },
    [
      '15+, 27+, 36+, 36+50 id, 36+25 id, 36+12 id, 36+6 id, 36+3 id, 38+2 id, 38+1 id, 39+1 id, 40+ id, 39+1 id, 38+1 id',
      'hole 39+1: 39 m39 to none; 39 @38',
      'end: 39 @39, of 40',
    ],
  ],
  [
    'to a place far before rows that cannot be read where it was looked for first',
    {
      list: listTo(60, [28, 29, 30]),
      options: { ...behind(5, 0), longestPage: { rows: 10 }, sought: { listRows: 60 } },
    },
    [
      '25+, 25+50 id, 25+25 id, 25+12 id, 25+6 id, 25+3 id, 25+1 id, 8+, 0+, 8+, 16+, 24+, 24+50 id, 24+25 id, 24+12 id, 24+6 id, 24+3 id, 26+2 id, 26+1 id, 27+1 id, 28+ id, 28+1 id, 29+1 id, 30+1 id, 29+1 id, 27+1 id, 26+1 id, 30+ id, 38+, 46+, 54+',
      '0+: 5 to 9, m6-m9; 9 @8, 2 repaired',
      '8+: 1 to 9, m10-m17; 17 @16',
      '16+: 1 to 9, m18-m25; 25 @24',
      '24+3 id: 1 to 3, m26-m27; 27 m27 @26',
      'hole 27+3: 27 m27 to 31 m31; 27 m27 @26',
      '30+1 id: 0 to 1, m31-m31; 31 m31 @30',
      '30+ id: 1 to 9, m32-m39; 39 @38',
      '38+: 1 to 9, m40-m47; 47 @46',
      '46+: 1 to 9, m48-m55; 55 @54',
      '54+: 1 to 6, m56-m60; 60 @59, last',
      'end: 59.94 @58 m60, of 60',
    ],
  ],
  [
    'by smaller pages where larger ones are too large',
    { list: Object.assign(listTo(9), { mostRows: 4 }) },
    [
      '0+, 0+50 id, 0+25 id, 0+12 id, 0+6 id, 0+3 id, 1+3, 2+3, 3+3, 4+3, 5+3, 6+3, 7+3',
      '0+3 id: 0 to 2, m1-m2; 2 @1',
      '1+3: 1 to 2, m3-m3; 3 @2',
      '2+3: 1 to 2, m4-m4; 4 @3',
      '3+3: 1 to 2, m5-m5; 5 @4',
      '4+3: 1 to 2, m6-m6; 6 @5',
      '5+3: 1 to 2, m7-m7; 7 @6',
      '6+3: 1 to 2, m8-m8; 8 @7',
      '7+3: 1 to 2, m9-m9; 9 @8, last',
      'end: 8.94 @7 m9, of 9',
    ],
  ],
  [
    'by pages of two rows where three are too large',
    { list: Object.assign(listTo(5), { mostRows: 2 }) },
    [
      '0+, 0+50 id, 0+25 id, 0+12 id, 0+6 id, 0+3 id, 0+1 id, 0+2 id, 2+1 id, 1+3 id, 1+1 id, 1+2 id, 3+1 id, 2+3 id, 2+1 id, 2+2 id, 4+1 id, 3+3 id, 4+3 id',
      '0+1 id: 0 to 1, m1-m1; 1 m1 @0',
      '0+2 id: 1 to 2, m2-m2; 2 m2 @1',
      '1+2 id: 1 to 2, m3-m3; 3 m3 @2',
      '2+2 id: 1 to 2, m4-m4; 4 m4 @3',
      '3+3 id: 1 to 2, m5-m5; 5 m5 @4',
      'end: 4.94 @3 m5, of 5',
    ],
  ],
  [
    'a list that ends with the page, on a server that gives one row per page',
    { list: Object.assign(listTo(3), { cap: 1 }), options: behind(3, 2) },
    ['2+, 2+0', 'end: 3 @2, of 3'],
  ],
  [
    'a list that begins behind the period, of which two pages more show that',
    { list: listTo(40), options: { untilMs: rowMs / 2 } },
    ['0+, 9+, 18+', 'end: none @0, of 40'],
  ],
  [
    'one that has been read up to where the period ended',
    { list: listTo(40), options: { ...behind(0.2, 0), untilMs: rowMs / 2 } },
    ['0+', 'end: 0.2 @0, of 40'],
  ],
  [
    'up to the end of the period, and not ahead of it',
    { list: listTo(40), options: { untilMs: 15 * rowMs, beganMs: 99 * rowMs, mayHold: (held) => held < 3 } },
    ['0+, 8+', '0+: 0 to 9, m1-m9; 9 @8', '8+: 1 to 6, m10-m14; 14 @13, last', 'end: 13.94 @12 m14, of 14'],
  ],
  ['no list', { list: listTo(0) }, ['0+', 'end: none @0, of 0']],
  ['a list that has been emptied', { list: listTo(0), options: behind(4, 3) }, ['3+, 1+, 0+', 'end: 4 @0, of 0']],
];

describe('a walk reads', () => {
  it.each(scenes)('%s', async (_, { list, options = {} }, lines) => {
    expect(await linesOf(list, options)).toEqual(lines);
  });

  it('a burst of one millisecond in the order of ids', async () => {
    const burst = ['c', 'a', 'b', 'e', 'd', 'f'].map((id) => ({ id, tsMs: 3 * rowMs }));
    const list = Object.assign(new StillList([...rowsFrom(1, 2), ...burst, ...rowsFrom(4, 3)]), { cap: 4 });
    expect(await linesOf(list, {})).toEqual([
      '0+, 1+, 1+ id, 4+ id, 7+ id, 9+',
      '0+: 0 to 2, m1-m2; 2 @1',
      '1+ id: 1 to 4, a-c; 3 c @4',
      '4+ id: 1 to 4, d-f; 3 f @7',
      '7+ id: 1 to 3, m4-m5; 5 @9',
      '9+: 1 to 2, m6-m6; 6 @10, last',
      'end: 5.94 @9 m6, of 11',
    ]);
  });

  it('one page at a time unless it may hold more', async () => {
    const list = listTo(40);
    let inFlight = 0;
    const steps = walk(
      async (request) => {
        inFlight += 1;
        expect(inFlight).toBe(1);
        const page = await list.fetch(request);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
        return page;
      },
      { cursor: fromTheBeginning, longestPage: { rows: 0 } },
    );
    while ((await steps.next()).done !== true);
    expect(list.asked.length).toBeGreaterThan(3);
  });
});

describe('a walk gives up', () => {
  /** A list that answers every request with the same rows. */
  async function failureOf(rows: number, cap: number, cursor: Cursor): Promise<readonly [unknown, number]> {
    const list = Object.assign(listTo(rows), { cap });
    const steps = walk((request) => list.fetch({ ...request, offset: 0, count: cap }), {
      cursor,
      longestPage: { rows: 0 },
    });
    const read = async (): Promise<void> => {
      while ((await steps.next()).done !== true);
    };
    const error = await read().catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(RoomError);
    return [error, list.asked.length];
  }

  it('after 200 pages without a new row', async () => {
    const [error, requests] = await failureOf(30, 10, fromTheBeginning);
    expect(error).toMatchObject({
      reason: 'moving',
      message: 'Cannot walk the list: 200 pages in a row brought nothing new',
      hint: 'The list moves faster than it can be read: run again at a quieter time',
    });
    expect(requests).toBe(200);
  });

  it.each([
    ['', 2, 7],
    [', also where the list has moved away from where it was read up to', 0, 13],
  ])('where the server returns one row per page%s', async (_, offset, requests) => {
    const list = Object.assign(listTo(5), { cap: 1 });
    const oneByOne: typeof list.fetch = (request) => list.fetch({ ...request, count: 1 });
    const read = (): Promise<unknown> => linesOf({ asked: list.asked, fetch: oneByOne }, behind(3, offset));
    await expect(read()).rejects.toMatchObject({
      reason: 'page-cap',
      message: 'Cannot walk the list: the server returns one row per page',
    });
    expect(list.asked).toHaveLength(requests);
  });
});
