import { describe, expect, it } from '@jest/globals';
import { bridgeHole } from '../../../src/extract/walk/bridge-hole.ts';
import type { PageRequest, RowsPage, UnreadablePage } from '../../../src/extract/walk/page.ts';

const failure = { reason: 'http-500', message: 'The server fails', isTooLarge: false };
const unreadable: UnreadablePage = { unreadable: failure };

/** A list of rows "0", "1" … of which those that `isBad` names break every page they are on. */
function listOf(length: number, isBad: (at: number) => boolean) {
  const rows = Array.from({ length }, (_, at) => ({ id: String(at), tsMs: at, isBad: isBad(at) }));
  const asked: PageRequest[] = [];
  return {
    rows,
    asked,
    fetch: (request: PageRequest): Promise<RowsPage | UnreadablePage> => {
      asked.push(request);
      const page = rows.slice(request.offset, request.offset + request.count);
      return Promise.resolve(page.some((row) => row.isBad) ? unreadable : { rows: page });
    },
  };
}

const start = { at: 10, last: { id: '9', tsMs: 9 }, count: 5, isFirst: false, failure };
const between = (from: number, to: number) => (at: number) => at >= from && at < to;

describe('bridgeHole', () => {
  it('gets behind a single row with the page that follows, having looked at it and at the row before it once more', async () => {
    const { fetch, asked } = listOf(30, between(10, 11));
    expect(await bridgeHole(fetch, start)).toEqual({
      request: { offset: 11, count: 5, order: 'ts-id' },
      page: { rows: ['11', '12', '13', '14', '15'].map((id) => expect.objectContaining({ id }) as unknown) },
      hole: {
        ...{ reason: 'http-500', message: 'The server fails', offset: 10, rows: 1, id: null },
        ...{ after: { tsMs: 9, id: '9' }, before: { tsMs: 11, id: '11' } },
      },
    });
    expect(asked.map(({ offset, count }) => [offset, count])).toEqual([
      [10, 1],
      [11, 5],
      [10, 1],
      [9, 1],
    ]);
  });

  it.each([2, 3, 9, 40, 100, 101, 103, 300, 1_000])(
    'finds the first row that can be read behind %i that cannot',
    async (length) => {
      const { fetch, asked } = listOf(2_000, between(10, 10 + length));
      const bridged = await bridgeHole(fetch, start);
      expect(bridged?.hole).toMatchObject({ offset: 10, rows: length, before: { id: String(10 + length) } });
      expect(bridged?.page.rows).toHaveLength(1);
      // One by one as far as a page reaches, and behind it by doubling strides and halves.
      expect(asked.length).toBeLessThan(Math.min(length, 100) + 35);
    },
  );

  it.each([1, 7, 8, 9, 10, 12, 30, 99, 100])(
    'passes over no row that can be read, %i behind the first that cannot',
    async (away) => {
      const { fetch } = listOf(300, (at) => at >= 10 && at < 200 && at !== 10 + away);
      const bridged = await bridgeHole(fetch, start);
      expect(bridged?.hole).toMatchObject({ rows: away, before: { id: String(10 + away) } });
    },
  );

  it('takes a page by parts where only a later row of it cannot be read', async () => {
    const { fetch } = listOf(30, (at) => at === 10 || at === 13);
    expect(await bridgeHole(fetch, start)).toMatchObject({ request: { offset: 11, count: 1 }, hole: { rows: 1 } });
  });

  it('may begin the list, or end it', async () => {
    const first = listOf(30, between(0, 2));
    expect((await bridgeHole(first.fetch, { ...start, at: 0, last: undefined }))?.hole).toMatchObject({
      ...{ offset: 0, rows: 2, after: null },
      before: { id: '2' },
    });
    expect(first.asked.every(({ offset }) => offset >= 0)).toBe(true);
    const last = listOf(11, between(10, 11));
    expect((await bridgeHole(last.fetch, start))?.hole).toMatchObject({ rows: 1, before: null });
  });

  it.each<readonly [string, number, (list: ReturnType<typeof listOf>) => void]>([
    ['its rows are gone', 0, ({ rows }) => rows.splice(10, 2)],
    ['a row before it is gone', 1, ({ rows }) => rows.shift()],
    ['a row came before it', 1, ({ rows }) => rows.unshift({ id: 'new', tsMs: 0, isBad: false })],
    ['its last row can be read by now', 4, ({ rows }) => Object.assign(rows[11] ?? {}, { isBad: false })],
    ['its first row can be read by now', 5, ({ rows }) => Object.assign(rows[10] ?? {}, { isBad: false })],
    ['the row before it is another', 6, ({ rows }) => rows.splice(9, 1, { id: 'new', tsMs: 9, isBad: false })],
    ['all rows are gone', 6, ({ rows }) => rows.splice(0)],
  ])('proves nothing where the list moves: %s after %i requests', async (_, afterRequests, move) => {
    const list = listOf(30, between(10, 12));
    const bridged = await bridgeHole((request) => {
      if (list.asked.length === afterRequests) move(list);
      return list.fetch(request);
    }, start);
    expect(bridged).toBeUndefined();
    expect(list.asked.length).toBeGreaterThan(afterRequests);
  });

  it('says what the server says where nothing of the list can be read, or nothing behind so many', async () => {
    const whole = listOf(3, () => true);
    const fromFirst = { ...start, at: 0, last: undefined, isFirst: true };
    await expect(bridgeHole(whole.fetch, fromFirst)).rejects.toMatchObject({
      ...{ reason: 'http-500', message: 'The server fails' },
    });
    // The end was not reached for a hole: there is something before it.
    expect((await bridgeHole(listOf(12, between(10, 12)).fetch, start))?.hole.rows).toBe(2);
    const endless = listOf(50_000, (at) => at >= 10);
    await expect(bridgeHole(endless.fetch, start)).rejects.toMatchObject({ reason: 'http-500' });
    expect(endless.asked.length).toBeLessThan(40);
    const long = listOf(20_000, between(10, 16_000));
    expect((await bridgeHole(long.fetch, start))?.hole.rows).toBe(15_990);
  });
});
