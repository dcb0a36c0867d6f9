import { describe, expect, it } from '@jest/globals';
import type { HistoryRequest } from '../../../src/extract/history/history-step.ts';
import type { RowsPage, UnreadablePage } from '../../../src/extract/walk/page.ts';
import type { ListRow } from '../../../src/model/list/list-order.ts';
import type { Hole, Watermark } from '../../../src/model/stream.ts';
import { sampleHole } from '../../support/plans/sample-outcome.ts';
import { rereadHistory } from '../../../src/extract/history/reread-history.ts';
import { walkHistory } from '../../../src/extract/history/walk-history.ts';
import { fromTheBeginning } from '../../../src/model/stream.ts';
import { expectHeals, firstRun, rereadRows, type HealingReader } from '../../support/workspaces/healing-list.ts';
import { MovingList, quietRules, seededRandom } from '../../support/workspaces/moving-list.ts';
import { takeRows } from '../../support/workspaces/taken-rows.ts';

const pageSize = 20;

const reader: HealingReader = {
  walk: (list, cursor) => takeRows(walkHistory(list.fetchHistory, { cursor, pageSize })),
  reread: async (list, { holes, cursor }, known) => {
    const { ids, ...left } = await rereadRows(rereadHistory(list.fetchHistory, holes, { ...cursor, pageSize }));
    // Where a row beside the hole is gone, rows of its millisecond come that earlier runs took, or another hole showed.
    return { ids: [...new Set(ids)].filter((id) => !known.has(id)), ...left };
  },
};

describe('rereadHistory', () => {
  it('takes what can be read by now exactly once, beside what cannot, though rows came and went, and keeps the rest', () =>
    expectHeals(reader, fromTheBeginning));

  it('costs a request when the hole can be read, and a handful when it cannot', async () => {
    const list = new MovingList({ ...quietRules, cap: 20, size: 100 }, seededRandom(1));
    Object.assign(list.rows[40] ?? {}, { bad: true });
    const first = await firstRun(reader, list, fromTheBeginning);
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

/** A history of rows by their milliseconds, some of which break every page they are on; what was asked of it. */
function historyOf(rows: readonly (ListRow & { readonly bad?: boolean })[]) {
  const asked: HistoryRequest[] = [];
  const newestFirst = rows.toReversed();
  const fetch = (request: HistoryRequest): Promise<RowsPage | UnreadablePage> => {
    if (asked.push(request) > 100) throw new Error('The reading has not ended');
    const { latestMs, count, offset = 0 } = request;
    const page = newestFirst.filter(({ tsMs }) => latestMs === null || tsMs <= latestMs).slice(offset, offset + count);
    return Promise.resolve(
      page.some(({ bad }) => bad === true)
        ? { unreadable: { reason: 'http-500', message: '', isTooLarge: false } }
        : { rows: page.map(({ id, tsMs }) => ({ id, tsMs })) },
    );
  };
  return { asked, fetch };
}

const row = (id: string, tsMs: number, bad = false) => ({ id, tsMs, bad });
const place = (id: string, tsMs: number) => ({ tsMs, id });

const at99: Watermark = { tsMs: 99, id: null };

/** What becomes of one hole: ids of rows that fill it, and the ends of what is left. */
async function rereadOne(
  rows: readonly ReturnType<typeof row>[],
  hole: Partial<Hole>,
  watermark: Watermark | null = at99,
) {
  const list = historyOf(rows);
  const known = sampleHole({ rows: 3, offset: 7, ...hole });
  const said: string[] = [];
  for await (const step of rereadHistory(list.fetch, [known], { watermark, pageSize: 100 })) {
    if (step.kind === 'filled') {
      const { page, from, to, skip } = step.step;
      said.push(page.rows.flatMap(({ id }, at) => (at >= from && at < to && !skip.includes(at) ? [id] : [])).join(' '));
      expect(step.hole.offset).toBe(7);
    } else {
      expect(step.kind).toBe('hole');
      const { after, before, offset } = step.hole;
      said.push(`(${after?.id ?? ''}-${before?.id ?? ''})`);
      expect(offset).toBe(7);
    }
  }
  return { said, asked: list.asked };
}

describe('a hole in a history, read again', () => {
  const between = { after: place('b', 2), before: place('f', 6) };
  const rows = [row('a', 1), row('b', 2), row('c', 3), row('d', 4), row('e', 5), row('f', 6), row('g', 7)];
  const bad = (...ids: readonly string[]) => rows.map((one) => (ids.includes(one.id) ? { ...one, bad: true } : one));

  it('is filled by one page, which begins with the row above it and asks for no more than it may hold', async () => {
    const { said, asked } = await rereadOne(rows, between);
    expect(said).toEqual(['e d c']);
    expect(asked).toEqual([{ latestMs: 6, count: 6 }]);
  });

  it('is looked at up to the watermark only: the walk comes by what is newer', async () => {
    expect((await rereadOne(rows, between, place('e', 5))).asked[0]).toMatchObject({ latestMs: 5 });
    for (const watermark of [null, place('a', 1)]) {
      const { said, asked } = await rereadOne(rows, between, watermark);
      expect([said, asked]).toEqual([[], []]);
    }
    expect((await rereadOne(rows, between, { tsMs: 2, id: null })).asked).not.toEqual([]);
    // Above it nothing was known: the walk from the newest comes by.
    expect((await rereadOne(rows, { ...between, before: null })).asked).toEqual([]);
  });

  it('at the beginning of the list is filled down to it', async () =>
    expect((await rereadOne(rows, { after: null, before: place('c', 3) })).said).toEqual(['(-b)', 'b', 'a']));

  it('stays what it was where nothing of it can be read', async () =>
    expect((await rereadOne(bad('c', 'd', 'e'), between)).said).toEqual(['(b-f)']));

  it('is filled as far as it can be read, and reported for the rest, before the page that fills it', async () => {
    expect((await rereadOne(bad('c'), between)).said).toEqual(['(b-e)', 'e', '(b-d)', 'd']);
    expect((await rereadOne(bad('e'), between)).said).toEqual(['(d-f)', 'd c']);
    expect((await rereadOne(bad('d'), between)).said.toSorted()).toEqual(['(b-e)', '(c-e)', 'c', 'e'].toSorted());
  });

  it('is filled though the rows around it are gone', async () => {
    const without = (...ids: readonly string[]) => rows.filter(({ id }) => !ids.includes(id));
    expect((await rereadOne(without('f'), between)).said).toEqual(['e d c']);
    expect((await rereadOne(without('b'), between)).said).toEqual(['e d c']);
    expect((await rereadOne(without('c', 'd', 'e'), between)).said).toEqual([]);
  });

  it('holds none of what shares a millisecond with the rows around it', async () => {
    const ties = [row('a', 2), row('b', 2), row('c', 2), row('d', 4), row('e', 6), row('f', 6), row('g', 6)];
    expect((await rereadOne(ties, { after: place('b', 2), before: place('f', 6) })).said).toEqual([
      '(b-d)',
      'e d',
      'c',
    ]);
  });

  it('is named as it was where the rows around it are gone, too', async () => {
    const left = (...ids: readonly string[]) => bad('c', 'd', 'e').filter(({ id }) => !ids.includes(id));
    expect((await rereadOne(left('b'), between)).said).toEqual(['(b-f)']);
    expect((await rereadOne(left('a', 'b'), between)).said).toEqual(['(b-f)']);
    expect((await rereadOne(left('f'), between)).said).toEqual(['(b-f)']);
    expect((await rereadOne(left('a', 'b', 'f'), between)).said).toEqual(['(b-f)']);
    const first = { after: null, before: between.before };
    expect((await rereadOne(left(), first)).said).toEqual(['(b-f)', '(-b)', 'b', 'a']);
    const nameless = { after: between.after, before: { tsMs: 6, id: null } };
    expect((await rereadOne(left('f'), nameless)).said).toEqual(['(b-)']);
  });

  it('is another than the one right above it, in the same millisecond', async () => {
    const above = [...rows.slice(0, 6), row('x', 6, true), row('g', 7)];
    expect((await rereadOne(above, between)).said).toEqual(['e d c']);
  });

  it('is filled once by a message that is on the page twice', async () => {
    const again = [...rows.slice(0, 4), row('d', 4), ...rows.slice(4)];
    expect((await rereadOne(again, between)).said).toEqual(['e d c']);
    const aroundIt = [...rows.slice(0, 4), row('x', 6), row('f', 6), row('x', 6)];
    expect((await rereadOne(aroundIt, between)).said).toEqual(['d c']);
    // Those twice above and below it are none of it.
    const below = [row('a', 1), row('b', 2), row('b', 2), row('e', 5), row('f', 6)];
    expect((await rereadOne(below, between)).said).toEqual(['e']);
    const above = [row('b', 2), row('e', 5), row('f', 6), row('x', 6), row('x', 6)];
    expect((await rereadOne(above, between)).said).toEqual(['e']);
  });

  it('among rows that are no dates is left to the list of all messages', async () => {
    const undated = { type: 'text', value: 'x' } as const;
    for (const hole of [
      { after: { ...between.after, undated }, before: between.before },
      { after: null, before: { ...between.before, undated } },
    ]) {
      const { said, asked } = await rereadOne(rows, hole, place('g', 99));
      expect([said.length, asked]).toEqual([1, []]);
    }
  });
});
