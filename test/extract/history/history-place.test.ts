import { describe, expect, it } from '@jest/globals';
import { HistoryPlace, type ReadRows } from '../../../src/extract/history/history-place.ts';
import type { ListRow } from '../../../src/model/list/list-order.ts';

const fails = { reason: 'http-500', message: '', isTooLarge: false };
const tooLarge = { reason: 'too-large', message: '', isTooLarge: true };

/** Until nothing is left to halve: never more often than a page has rows. */
function halve(place: HistoryPlace, failure: typeof fails): void {
  for (let tries = 0; tries < 20 && !place.afterUnreadable(failure);) tries += 1;
}

/** Rows by their milliseconds, newest first. */
const rowsAt = (...times: readonly number[]): readonly ListRow[] =>
  times.map((tsMs, at) => ({ id: `${tsMs}-${at}`, tsMs }));
const from = (newest: number, count: number) => rowsAt(...Array.from({ length: count }, (_, at) => newest - at));

/** The page that was asked for, with these rows, all of them new but for the last millisecond. */
function read(place: HistoryPlace, rows: readonly ListRow[], fields: Partial<ReadRows> = {}): void {
  const { request } = place;
  const groupAt = rows.findIndex(({ tsMs }) => tsMs === rows.at(-1)?.tsMs);
  place.afterRows({
    request,
    rows,
    groupAt,
    isProgress: true,
    isBorder: place.isBorder(request, rows.length),
    ...fields,
  });
}

describe('a place in a history', () => {
  it('begins at the newest, or where it is told, and goes on with the last millisecond of each page', () => {
    expect(new HistoryPlace(null, 20).request).toEqual({ latestMs: null, count: 20 });
    const place = new HistoryPlace(99, 20);
    expect(place.request).toEqual({ latestMs: 99, count: 20 });
    read(place, rowsAt(98, 97, 97));
    expect([place.request, place.passed, place.last]).toEqual([{ latestMs: 97, count: 20 }, 0, undefined]);
  });

  it('asks for twice as much where a page shows nothing but the millisecond it began with, and then as before', () => {
    const place = new HistoryPlace(97, 3);
    read(place, rowsAt(97, 97, 97), { isProgress: false });
    expect(place.request).toEqual({ latestMs: 97, count: 6 });
    read(place, rowsAt(97, 97, 97, 97, 97, 97), { isProgress: false });
    expect(place.request).toEqual({ latestMs: 97, count: 12 });
    read(place, rowsAt(97, 97, 97, 97, 97, 97, 97, 96));
    expect(place.request).toEqual({ latestMs: 96, count: 3 });
    // Nothing new, and yet another millisecond: that is where it goes on.
    read(place, rowsAt(96, 95), { isProgress: false });
    expect(place.request).toEqual({ latestMs: 95, count: 3 });
  });

  it('stays where a page has no rows', () => {
    const place = new HistoryPlace(97, 3);
    read(place, []);
    expect(place.request).toEqual({ latestMs: 97, count: 3 });
  });
});

describe('before a row that the server fails on', () => {
  it('halves the page until nothing is left to halve', () => {
    const place = new HistoryPlace(null, 20);
    const counts: number[] = [];
    for (let tries = 0; tries < 20 && !place.afterUnreadable(fails); tries += 1) counts.push(place.request.count);
    expect(counts).toEqual([10, 5, 2, 1]);
    // None was read: the first row fails.
    expect([place.passed, place.size]).toEqual([0, 20]);
  });

  it('closes in on it from above, and knows the page that ends right before it', () => {
    const place = new HistoryPlace(null, 20);
    place.afterUnreadable(fails);
    expect(place.isBorder(place.request, 10)).toBe(false);
    // The twelfth row of all fails: the ten of this page are read, of which the last is the first of the next.
    read(place, from(99, 10));
    expect(place.request).toEqual({ latestMs: 90, count: 6 });
    place.afterUnreadable(fails);
    expect(place.request.count).toBe(3);
    place.afterUnreadable(fails);
    expect(place.request.count).toBe(1);
    read(place, from(90, 1));
    expect(place.request).toEqual({ latestMs: 90, count: 2 });
    expect(place.isBorder(place.request, 2)).toBe(true);
    expect(place.isBorder(place.request, 1)).toBe(false);
    const border = from(90, 2);
    read(place, border);
    expect([place.passed, place.last]).toEqual([1, border[1]]);
    expect(place.request).toEqual({ latestMs: 89, count: 2 });
    expect(place.afterUnreadable(fails)).toBe(true);
  });

  it('forgets it where the list has moved and pages can be read beyond it', () => {
    const place = new HistoryPlace(null, 20);
    place.afterUnreadable(fails);
    read(place, from(99, 25));
    expect(place.request).toEqual({ latestMs: 75, count: 20 });
    place.afterUnreadable(fails);
    // Just what could not be read before.
    read(place, from(75, 20));
    expect(place.request).toEqual({ latestMs: 56, count: 20 });
  });
});

describe('behind a hole', () => {
  /** Behind one row that fails, which follows the row of millisecond 90. */
  function behind(): HistoryPlace {
    const place = new HistoryPlace(90, 20);
    halve(place, fails);
    place.startAgain(90);
    read(place, from(90, 1), { isBorder: true });
    place.afterHole(1);
    return place;
  }

  it('goes on by offset, with whole pages', () => {
    const place = behind();
    expect([place.passed, place.last, place.request]).toEqual([2, undefined, { latestMs: 90, count: 20, offset: 1 }]);
  });

  it('begins each page with the last row of the one before, until a page shows where a millisecond begins', () => {
    const place = behind();
    const same = rowsAt(88, 88, 88);
    read(place, same);
    expect([place.passed, place.last, place.latestMs]).toEqual([4, same[2], 90]);
    expect(place.request).toEqual({ latestMs: 90, count: 20, offset: 3 });
    read(place, rowsAt(88, 88, 87));
    expect([place.passed, place.request]).toEqual([0, { latestMs: 87, count: 20 }]);
  });

  it('asks for two rows at least, for the first is known', () => {
    const place = behind();
    read(place, rowsAt(88, 88, 88));
    const counts: number[] = [];
    for (let tries = 0; tries < 20 && !place.afterUnreadable(fails); tries += 1) counts.push(place.request.count);
    expect(counts).toEqual([10, 5, 2]);
  });

  it('closes in on the next one by offset, too', () => {
    const place = behind();
    place.afterUnreadable(fails);
    read(place, rowsAt(90, 90, 90));
    // Rows 0 to 3 are done with, and one of those up to the twentieth fails.
    expect([place.passed, place.request]).toEqual([4, { latestMs: 90, count: 9, offset: 3 }]);
  });

  it('goes on by time where the list has moved', () => {
    const place = behind();
    place.startAgain(91);
    expect([place.passed, place.last, place.request]).toEqual([0, undefined, { latestMs: 91, count: 20 }]);
  });
});

describe('before a page that is too large', () => {
  it('asks for smaller ones from there on', () => {
    const place = new HistoryPlace(null, 20);
    place.afterUnreadable(tooLarge);
    expect([place.size, place.request.count]).toEqual([10, 10]);
    read(place, from(99, 10));
    expect(place.request).toEqual({ latestMs: 90, count: 10 });
  });

  it('halves on where nothing was read', () => {
    const place = new HistoryPlace(97, 20);
    place.afterUnreadable(tooLarge);
    read(place, rowsAt(97, 97), { isProgress: false });
    // Between what is read and what was too large.
    expect(place.request).toEqual({ latestMs: 97, count: 11 });
    const single = new HistoryPlace(97, 1);
    expect(single.afterUnreadable(tooLarge)).toBe(true);
    expect(single.size).toBe(1);
  });

  it('asks for whole pages again behind a single row that is too large', () => {
    const place = new HistoryPlace(null, 20);
    halve(place, tooLarge);
    expect(place.size).toBe(1);
    place.afterHole(1);
    expect(place.size).toBe(20);
    const other = new HistoryPlace(null, 20);
    other.afterUnreadable(tooLarge);
    halve(other, fails);
    other.afterHole(1);
    // The hole is of another kind.
    expect(other.size).toBe(10);
  });
});
