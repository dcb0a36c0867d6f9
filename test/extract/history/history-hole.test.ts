import { describe, expect, it } from '@jest/globals';
import { behindLast } from '../../../src/extract/history/history-hole.ts';
import type { HistoryRequest, HistoryStep } from '../../../src/extract/history/history-step.ts';
import { walkHistory, type HistoryWalkOptions } from '../../../src/extract/history/walk-history.ts';
import type { RowsPage, UnreadablePage } from '../../../src/extract/walk/page.ts';
import { fromTheBeginning } from '../../../src/model/stream.ts';
import { takenRows } from '../../support/workspaces/taken-rows.ts';

interface Row {
  readonly id: string;
  readonly tsMs: number;
  readonly bad?: boolean;
}

const row = (id: string, tsMs: number): Row => ({ id, tsMs });
const bad = (id: string, tsMs: number): Row => ({ id, tsMs, bad: true });
const burst = (name: string, size: number, tsMs: number) =>
  Array.from({ length: size }, (_, at) => row(`${name}${at}`, tsMs));

interface Server {
  /** The most rows of a page. */
  readonly cap?: number;
  /** What happens to the rows before the nth answer, from 1. */
  readonly move?: (rows: Row[], answers: number) => void;
}

/** A history, newest first; what was asked of it, as `count@latest+offset`. */
function historyOf(stored: readonly Row[], { cap = Infinity, move = () => undefined }: Server = {}) {
  const rows = [...stored];
  const asked: string[] = [];
  const fetch = ({ latestMs, count, offset = 0 }: HistoryRequest): Promise<RowsPage | UnreadablePage> => {
    if (asked.push(`${count}@${latestMs ?? 'newest'}+${offset}`) > 100) throw new Error('The walk has not ended');
    move(rows, asked.length);
    const older = rows.filter(({ tsMs }) => latestMs === null || tsMs <= latestMs);
    const page = older.slice(offset, offset + Math.min(count, cap));
    return Promise.resolve(
      page.some((one) => one.bad === true)
        ? { unreadable: { reason: 'http-500', message: 'x', isTooLarge: false } }
        : { rows: page.map(({ id, tsMs }) => ({ id, tsMs })) },
    );
  };
  return { asked, fetch };
}

async function walk(stored: readonly Row[], options: Partial<HistoryWalkOptions> & Server = {}) {
  const { cap, move, ...walking } = options;
  const { asked, fetch } = historyOf(stored, { ...(cap && { cap }), ...(move && { move }) });
  const steps: HistoryStep<RowsPage>[] = [];
  for await (const step of walkHistory(fetch, { cursor: fromTheBeginning, pageSize: 100, ...walking })) {
    steps.push(step);
  }
  const pages = steps.flatMap((step) => (step.kind === 'page' ? [step] : []));
  const taken = pages.flatMap((step) => takenRows(step).map(({ id }) => id));
  const holes = steps.flatMap((step) => (step.kind === 'hole' ? [step.hole] : []));
  return { asked, steps, pages, taken, holes };
}

describe('a walk across a row that cannot be read', () => {
  it('takes what is around it in few requests, and counts it among the rows above', async () => {
    const { asked, steps } = await walk([row('e', 9), row('d', 8), bad('x', 7), row('b', 6), row('a', 5)], {
      pageSize: 8,
      listRows: 5,
    });
    const halved = ['8@newest+0', '4@newest+0', '2@newest+0', '2@8+0', '1@8+0'];
    expect(asked).toEqual([...halved, '1@8+1', '8@8+2', '1@8+1', '1@8+0', '8@5+0']);
    expect(steps).toMatchObject([
      { kind: 'page', from: 0, to: 1, above: 0, edge: { ms: 8, deliveredIds: [] } },
      { kind: 'page', from: 0, to: 1, above: 1, edge: { ms: 8, deliveredIds: ['d'] } },
      { kind: 'hole', hole: { offset: 2, rows: 1, after: { tsMs: 6, id: 'b' }, before: { tsMs: 8, id: 'd' } } },
      // Where a millisecond begins the walk goes on by time: no rows of it are taken yet.
      { kind: 'page', from: 0, to: 1, above: 3, edge: { ms: 5, deliveredIds: [] } },
      { kind: 'page', from: 0, to: 1, above: 4, edge: { ms: 4, deliveredIds: [] } },
    ]);
  });

  it('takes all of a millisecond behind it, of which a page shows a part only', async () => {
    const rows = [row('e', 9), bad('x', 8), ...burst('b', 25, 7), row('a', 5)];
    const { asked, taken, holes, pages } = await walk(rows, { pageSize: 100, cap: 12 });
    expect(taken).toEqual(rows.filter((one) => one.bad !== true).map(({ id }) => id));
    expect(holes).toHaveLength(1);
    expect(pages.every(({ from, to }) => to > from)).toBe(true);
    // By offset, each page with the last row of the one before, and a look behind it.
    expect(asked.slice(-6)).toEqual(['1@9+0', '2@9+13', '100@9+13', '2@9+24', '100@9+24', '100@5+0']);
  });

  it('is crossed at once where it follows the last row of a short page', async () => {
    const rows = [...burst('b', 12, 7), bad('x', 7), row('a', 5)];
    const { asked, taken, holes } = await walk(rows, { cap: 12 });
    expect(taken).toEqual([...burst('b', 12, 7).map(({ id }) => id), 'a']);
    expect(holes).toMatchObject([{ rows: 1, after: { id: 'a' }, before: { id: 'b11' } }]);
    expect(asked).toEqual(['100@newest+0', '100@7+0', '2@7+11', '1@7+12', '100@7+13', '1@7+12', '1@7+11']);
  });

  it('loses nothing where the list has moved behind it, and says so once', async () => {
    const rows = [row('e', 9), bad('x', 8), row('d', 8), row('c', 8), row('b', 8), row('a', 8)];
    const still = await walk(rows, { pageSize: 2 });
    expect([still.taken, still.holes.length]).toEqual([['e', 'd', 'c', 'b', 'a'], 1]);
    const pageBehind = still.asked.indexOf('2@9+3') + 1;
    const moved = await walk(rows, {
      pageSize: 2,
      move: (stored, answers) => {
        if (answers === pageBehind) stored.splice(2, 1);
      },
    });
    expect([moved.taken, moved.holes.length]).toEqual([['e', 'd', 'c', 'b', 'a'], 1]);
    const further = await walk(rows, {
      pageSize: 2,
      move: (stored, answers) => {
        if (answers === pageBehind) stored.splice(2, 2);
      },
    });
    expect(further.taken).toEqual(['e', 'd', 'c', 'b', 'a']);
    const emptied = await walk(rows, {
      pageSize: 2,
      move: (stored, answers) => {
        if (answers === pageBehind) stored.splice(1);
      },
    });
    expect(emptied.taken).toEqual(['e', 'd', 'c']);
  });
});

describe('a walk that is resumed', () => {
  it('stays where it was cut though the first row there can be read at the second try', async () => {
    const rows = [row('c', 9), bad('b', 8), row('a', 7)];
    const { asked, taken, holes } = await walk(rows, {
      pageSize: 1,
      edge: { ms: 8, deliveredIds: [] },
      move: (stored, answers) => {
        if (answers === 2) stored[1] = row('b', 8);
      },
    });
    expect(asked.slice(0, 3)).toEqual(['1@8+0', '1@8+0', '1@8+0']);
    expect([taken, holes]).toEqual([['b', 'a'], []]);
  });

  it('names the last row that was taken as the one before a hole', async () => {
    const { holes } = await walk([row('c', 9), bad('b', 8), row('a', 7)], {
      edge: { ms: 8, deliveredIds: [] },
      lastTaken: row('c', 9),
    });
    expect(holes).toMatchObject([{ after: { id: 'a' }, before: { tsMs: 9, id: 'c' } }]);
  });

  it('forgets what was taken at its edge once it is below', async () => {
    const { pages, taken } = await walk([row('c', 8), row('b', 7), row('a', 6)], {
      edge: { ms: 8, deliveredIds: ['c'] },
    });
    expect(taken).toEqual(['b', 'a']);
    expect(pages.map(({ edge }) => edge)).toEqual([
      { ms: 6, deliveredIds: [] },
      { ms: 5, deliveredIds: [] },
    ]);
  });
});

describe('the end of a history', () => {
  it('is where nothing follows the last row, and no other has come into its place', async () => {
    const rows = [row('b', 9), row('a', 8)];
    const request = { latestMs: null, count: 5 };
    const behind = async (stored: readonly Row[], asked: HistoryRequest = request) => {
      const list = historyOf(stored);
      return [(await behindLast(list.fetch, asked, rows)).kind, ...list.asked];
    };
    expect(await behind(rows)).toEqual(['nothing', '2@newest+1']);
    expect(await behind([...rows, row('more', 7)])).toEqual(['rows', '2@newest+1']);
    expect(await behind([...rows, bad('more', 7)])).toEqual(['hole', '2@newest+1']);
    expect(await behind([row('b', 9), row('other', 8)])).toEqual(['rows', '2@newest+1']);
    expect(await behind([row('b', 9)])).toEqual(['rows', '2@newest+1']);
    const further = { ...request, latestMs: 9, offset: 3 };
    expect(await behind([...burst('x', 3, 9), ...rows], further)).toEqual(['nothing', '2@9+4']);
  });

  it('is looked for behind ten rows of one millisecond, and believed of fewer', async () => {
    for (const [size, last] of [
      [9, '100@9+0'],
      [10, '2@9+9'],
    ] as const) {
      const { asked, taken } = await walk(burst('m', size, 9));
      expect([taken.length, asked.at(-1)]).toEqual([size, last]);
    }
  });

  it('is noted as one millisecond below the last row, or as what earlier runs have read', async () => {
    const rows = [row('c', 9), row('b', 8), row('a', 7)];
    expect((await walk(rows)).pages.at(-1)?.edge).toEqual({ ms: 6, deliveredIds: [] });
    const cursor = { watermark: { tsMs: 7, id: null }, offset: 0, deliveredIds: [] };
    const later = await walk(rows, { cursor });
    expect([later.taken, later.pages.at(-1)?.edge.ms]).toEqual([['c', 'b'], 7]);
  });
});

describe('rows without an id', () => {
  it('are all taken: nobody can tell one from another', async () => {
    expect((await walk([row('', 9), row('', 8), row('a', 7)])).taken).toEqual(['', '', 'a']);
  });
});
