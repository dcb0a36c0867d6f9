import { describe, expect, it } from '@jest/globals';
import { Prefetcher } from '../../../src/extract/walk/prefetcher.ts';
import type { ListPage, PageRequest, UnreadablePage } from '../../../src/extract/walk/page.ts';

const want = (offset: number, fields: Partial<PageRequest> = {}): PageRequest => ({
  ...{ offset, count: 100, order: 'ts' },
  ...fields,
});

/** A prefetcher over a list whose pages say where they begin, and the offsets that it asked for. */
function prefetcher() {
  const asked: number[] = [];
  const ahead = new Prefetcher<ListPage>((request) => {
    asked.push(request.offset);
    if (request.offset === 13) return Promise.reject(new Error('row 13 fails'));
    return Promise.resolve({ rows: [{ id: `m${request.offset}`, tsMs: 0 }], total: 1_000 });
  });
  const next = async (request: PageRequest): Promise<string> => {
    const { page } = await ahead.next(request);
    return 'rows' in page ? (page.rows[0]?.id ?? '') : 'unreadable';
  };
  const upTo = (most: number) => (held: number) => held < most;
  return { ahead, asked, next, upTo };
}

describe('pages asked for ahead', () => {
  it('are as many as may be held, a stride apart, and none beyond the end', () => {
    const { ahead, asked, upTo } = prefetcher();
    ahead.fill(want(10), 97, 1_000, upTo(3));
    expect(asked).toEqual([10, 107, 204]);
    ahead.fill(want(10), 97, 1_000, upTo(4));
    expect(asked).toEqual([10, 107, 204, 301]);
    const short = prefetcher();
    short.ahead.fill(want(10), 97, 107, short.upTo(9));
    expect(short.asked).toEqual([10]);
    short.ahead.fill(want(10), 97, 108, short.upTo(9));
    expect(short.asked).toEqual([10, 107]);
  });

  it('are taken in their turn and not asked for again', async () => {
    const { ahead, asked, next, upTo } = prefetcher();
    ahead.fill(want(10), 97, 1_000, upTo(2));
    expect([await next(want(10)), await next(want(107))]).toEqual(['m10', 'm107']);
    expect(asked).toEqual([10, 107]);
    expect(await next(want(204))).toBe('m204');
    expect(asked).toEqual([10, 107, 204]);
  });

  it('count where they begin a little before the wanted row, and wait where they begin behind it', async () => {
    const { ahead, asked, next, upTo } = prefetcher();
    ahead.fill(want(10), 97, 1_000, upTo(2));
    expect(await next(want(12))).toBe('m10');
    expect(await next(want(100))).toBe('m100');
    expect(asked).toEqual([10, 107, 100]);
    expect(await next(want(107))).toBe('m107');
    expect(asked).toHaveLength(3);
  });

  it('are dropped when the walk has overtaken all their rows', async () => {
    const { ahead, asked, next, upTo } = prefetcher();
    ahead.fill(want(0), 97, 1_000, upTo(3));
    expect(await next(want(97))).toBe('m97');
    expect(await next(want(291))).toBe('m291');
    expect(asked).toEqual([0, 97, 194, 291]);
    ahead.fill(want(400), 97, 1_000, upTo(1));
    expect(asked.at(-1)).toBe(400);
  });

  it('are none for another order or page size', async () => {
    const { ahead, asked, next, upTo } = prefetcher();
    ahead.fill(want(10), 97, 1_000, upTo(1));
    await next(want(10, { order: 'ts-id' }));
    await next(want(10, { count: 50 }));
    expect(asked).toEqual([10, 10, 10]);
  });

  it('are kept when they began too late, once', async () => {
    const { ahead, asked, upTo } = prefetcher();
    ahead.fill(want(10), 97, 1_000, upTo(1));
    const first = await ahead.next(want(10));
    expect(first.wasPutBack).toBe(false);
    ahead.putBack(first);
    const second = await ahead.next(want(10));
    expect([second.page, second.wasPutBack]).toEqual([first.page, true]);
    ahead.putBack(second);
    await ahead.next(want(10));
    expect(asked).toEqual([10, 10]);
  });

  it('are asked for right behind a page that was put back, where nothing else is held', () => {
    const askedBehind = (page: ListPage | UnreadablePage) => {
      const { ahead, asked, upTo } = prefetcher();
      ahead.putBack({ request: want(20), page, wasPutBack: false });
      ahead.fill(want(20), 97, 1_000, upTo(2));
      return asked;
    };
    const rows = (length: number) => Array.from({ length }, (_, at) => ({ id: `m${at}`, tsMs: at }));
    // One row for the overlap, and two more: a burst at the border.
    expect(askedBehind({ rows: rows(10), total: 1_000 })).toEqual([27]);
    expect(askedBehind({ rows: rows(1), total: 1_000 })).toEqual([21]);
    expect(askedBehind({ unreadable: { reason: 'http-500', message: '', isTooLarge: false } })).toEqual([21]);
  });

  it('go on where they were, when a page is put back before others', async () => {
    const { ahead, asked, upTo } = prefetcher();
    ahead.fill(want(10), 97, 1_000, upTo(2));
    ahead.putBack(await ahead.next(want(10)));
    ahead.fill(want(10), 97, 1_000, upTo(3));
    expect(asked).toEqual([10, 107, 204]);
  });

  it('are dropped as far as the one behind them begins at or before the wanted row', async () => {
    const { ahead, asked, next, upTo } = prefetcher();
    ahead.fill(want(0), 97, 1_000, upTo(2));
    ahead.fill(want(0), 200, 1_000, upTo(3));
    // Of the stride last said the first page still reaches row 97, and so does the one that begins there.
    expect(await next(want(97))).toBe('m97');
    expect(asked).toEqual([0, 97, 194]);
  });

  it('fail when their turn comes, and nobody else when it never does', async () => {
    const { ahead, next, upTo } = prefetcher();
    ahead.fill(want(13), 97, 1_000, upTo(1));
    await new Promise(setImmediate);
    await expect(next(want(13))).rejects.toThrow('row 13 fails');
    ahead.fill(want(13), 97, 1_000, upTo(1));
    expect(await next(want(500))).toBe('m500');
  });
});
