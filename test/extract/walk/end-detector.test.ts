import { describe, expect, it } from '@jest/globals';
import { EndDetector, learnLongestPage } from '../../../src/extract/walk/end-detector.ts';
import type { ListRow } from '../../../src/model/list/list-order.ts';
import type { AskedPage, PageRecord } from '../../../src/model/stream.ts';

/** So many rows, the newest of them at a time. */
const rowsTo = (length: number, newestMs = 0, fields: Partial<ListRow> = {}): readonly ListRow[] =>
  Array.from({ length }, (_, at) => ({ id: `m${at}`, tsMs: newestMs - length + 1 + at, ...fields }));

interface Known {
  readonly longest?: number;
  readonly beganMs?: number;
  readonly counted?: number;
}

function detector({ longest = 0, beganMs = Number.POSITIVE_INFINITY, counted = 0 }: Known = {}) {
  const longestPage = { rows: longest };
  const end = new EndDetector(longestPage, beganMs, counted);
  /** A page of so many rows at an offset, of a list of `total`. */
  const isLast = (
    offset: number,
    rows: number,
    total: number,
    count = 5_000,
    newestMs = 0,
    fields?: Partial<ListRow>,
  ) => end.isLast({ rows: rowsTo(rows, newestMs, fields), total }, { offset, count, order: 'ts' });
  return { end, isLast, longestPage };
}

describe('the end of a list', () => {
  it('is not counted before any page', () => expect(detector().end.isCounted).toBe(false));

  it('is a page shorter than one that was seen, which reaches the total', () => {
    const { isLast } = detector();
    expect(isLast(0, 100, 150)).toBe(false);
    expect(isLast(98, 52, 150)).toBe(true);
  });

  it('is not shown by a page as long as the longest: the server may have cut it there', () => {
    expect(detector().isLast(0, 50, 50)).toBe(false);
    expect(detector({ longest: 50 }).isLast(0, 50, 50)).toBe(false);
    expect(detector({ longest: 51 }).isLast(0, 50, 50)).toBe(true);
  });

  it('is a page shorter than what was asked for only if fewer came than that', () => {
    expect(detector({ longest: 100 }).isLast(0, 50, 50, 50)).toBe(false);
    expect(detector({ longest: 100 }).isLast(0, 49, 49, 50)).toBe(true);
  });

  it('is not shown by a short page that stops before the total', () =>
    expect(detector({ longest: 100 }).isLast(0, 40, 41)).toBe(false));

  it.each<readonly [string, (isLast: ReturnType<typeof detector>['isLast']) => void]>([
    ['its total has changed', (isLast) => isLast(0, 100, 149)],
    ['a short page stopped before the total', (isLast) => isLast(0, 60, 150)],
    ['a page reached beyond the total', (isLast) => isLast(60, 100, 150)],
  ])('is not shown by a short page when %s: the list or the cap does not hold still', (_, unsettle) => {
    const { isLast } = detector({ longest: 100 });
    unsettle(isLast);
    expect(isLast(98, 52, 150)).toBe(false);
    expect(isLast(98, 52, 150)).toBe(false);
  });

  it('is shown by a short page though an empty one from beyond the end came before', () => {
    const { isLast } = detector({ longest: 100 });
    isLast(200, 0, 150);
    expect(isLast(98, 52, 150)).toBe(true);
  });

  it('is a page that shows a message newer than the walk, however the list moves', () => {
    const { isLast } = detector({ beganMs: 1_000 });
    isLast(0, 100, 149);
    expect(isLast(98, 52, 150, 5_000, 1_000)).toBe(false);
    expect(isLast(98, 52, 150, 5_000, 1_001, { undated: { type: 'number', value: 1_001 } })).toBe(false);
    expect(isLast(98, 51, 150, 5_000, 1_001)).toBe(false);
    expect(isLast(98, 52, 150, 5_000, 1_001)).toBe(true);
  });

  it('is an unlimited page shorter than any default, which reaches the total', () => {
    const { isLast } = detector({ longest: 5 });
    expect(isLast(98, 9, 107, 0)).toBe(true);
    expect(isLast(98, 10, 108, 0)).toBe(false);
    expect(isLast(98, 9, 108, 0)).toBe(false);
  });

  it('teaches all walks how long a page can be, but for what an unlimited one gives', () => {
    const { isLast, longestPage } = detector({ longest: 7 });
    isLast(0, 5, 9);
    expect(longestPage.rows).toBe(7);
    isLast(0, 8, 9);
    expect(longestPage.rows).toBe(8);
    isLast(0, 70, 9, 0);
    expect(longestPage.rows).toBe(8);
  });
});

describe('a first page that is the whole list by three equal counts', () => {
  it('is the end, though no longer page was ever seen', () => {
    const { end, isLast } = detector({ counted: 20 });
    expect([isLast(0, 20, 20), end.isCounted]).toEqual([true, true]);
  });

  it('says so whatever else shows it: a manifest must not depend on what other walks learned', () => {
    const { end, isLast } = detector({ counted: 20, longest: 100 });
    expect([isLast(0, 20, 20), end.isCounted]).toEqual([true, true]);
  });

  it.each<readonly [string, Known, Parameters<ReturnType<typeof detector>['isLast']>]>([
    ['the room list counts others', { counted: 21 }, [0, 20, 20]],
    ['the room list counts nothing', { counted: 0 }, [0, 20, 20]],
    ['the total is another', { counted: 20 }, [0, 20, 19]],
    ['it does not begin at the beginning', { counted: 25 }, [5, 20, 25]],
    ['the page is as long as what was asked for', { counted: 20 }, [0, 20, 20, 20]],
    ['it is empty', { counted: 0 }, [0, 0, 0]],
  ])('is none where %s', (_, known, page) => {
    const { end, isLast } = detector(known);
    expect([isLast(...page), end.isCounted]).toEqual([false, false]);
  });

  it('is none any more when the list did not hold still, and does not stick to the next page', () => {
    const { end, isLast } = detector({ counted: 20 });
    isLast(0, 19, 19);
    expect([isLast(0, 20, 20), end.isCounted]).toEqual([false, false]);
    const other = detector({ counted: 20 });
    other.isLast(0, 20, 20);
    other.isLast(0, 0, 0, 0);
    expect(other.end.isCounted).toBe(false);
  });
});

describe('what a cut attempt learned of the longest page', () => {
  const page = (asked: AskedPage, rows: number): PageRecord => ({
    ...{ asked, rows, total: rows, from: 0, to: rows, skip: [], versions: 0, first: null, last: null, repaired: 0 },
    cursor: { watermark: null, offset: 0, deliveredIds: [] },
  });
  const byOffset = (count: number): AskedPage => ({ kind: 'offset', offset: 0, count, order: 'ts' });

  it('is how long its pages by offset were, but for unlimited ones, and those of a history', () => {
    const longestPage = { rows: 10 };
    learnLongestPage([page(byOffset(100), 9)], longestPage);
    expect(longestPage.rows).toBe(10);
    learnLongestPage([page(byOffset(0), 90), page({ kind: 'latest', latestMs: null, count: 1_000 }, 90)], longestPage);
    expect(longestPage.rows).toBe(10);
    learnLongestPage([page(byOffset(1), 30), page(byOffset(100), 20)], longestPage);
    expect(longestPage.rows).toBe(30);
  });
});
