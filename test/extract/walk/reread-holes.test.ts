import { describe, expect, it } from '@jest/globals';
import { rereadHoles } from '../../../src/extract/walk/reread-holes.ts';
import { walk } from '../../../src/extract/walk/walk.ts';
import { fromTheBeginning } from '../../../src/model/stream.ts';
import {
  expectHeals,
  firstRun,
  laterRun,
  rereadRows,
  type HealingReader,
} from '../../support/workspaces/healing-list.ts';
import { MovingList, quietRules, seededRandom } from '../../support/workspaces/moving-list.ts';
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
