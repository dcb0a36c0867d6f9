import { describe, expect, it } from '@jest/globals';
import { nothingRead, withPage } from '../../src/journal/completeness.ts';
import { fromTheBeginning, type PageRecord } from '../../src/model/stream.ts';

const page: PageRecord = {
  asked: { kind: 'offset', offset: 0, count: 100, order: 'ts' },
  rows: 100,
  total: 250,
  from: 0,
  to: 99,
  skip: [],
  versions: 0,
  first: { id: 'a', ts: '2026-01-01T00:00:00.000Z' },
  last: { id: 'b', ts: '2026-01-02T00:00:00.000Z' },
  repaired: 0,
  cursor: fromTheBeginning,
};

describe('withPage', () => {
  it('adds up a list, which comes oldest first', () => {
    const second: PageRecord = {
      ...page,
      asked: { ...page.asked, kind: 'offset', offset: 98, count: 100, order: 'ts' },
      total: 249,
      from: 1,
      to: 80,
      skip: [3, 4],
      versions: 5,
      first: { id: 'c', ts: '2026-01-03T00:00:00.000Z' },
      last: { id: 'd', ts: '2026-01-04T00:00:00.000Z' },
      repaired: 2,
    };
    expect([page, second].reduce(withPage, nothingRead)).toEqual({
      pages: 2,
      messages: 99 + 79 - 2 - 5,
      versions: 5,
      first: page.first,
      last: second.last,
      totalAtFirstPage: 250,
      totalAtLastPage: 249,
      overlapsVerified: 1,
      pagesRefetched: 2,
    });
  });

  it('counts pages that were taken for the whole list by counts, and names none where there is none', () => {
    expect(withPage(nothingRead, { ...page, isCountedEnd: true })).toMatchObject({ countedEnds: 1 });
    expect(withPage(nothingRead, page)).not.toHaveProperty('countedEnds');
  });

  it('counts a page by offset as an overlap but for the first, one of a history but for the newest, and none of changes', () => {
    const overlaps = (...asked: readonly PageRecord['asked'][]) =>
      asked.map((one) => ({ ...page, asked: one })).reduce(withPage, nothingRead).overlapsVerified;
    const offset = (at: number) => ({ kind: 'offset' as const, offset: at, count: 100, order: 'ts' as const });
    const latest = (latestMs: number | null) => ({ kind: 'latest' as const, latestMs, count: 100 });
    const changes = { kind: 'changes' as const, list: 'updated' as const, afterMs: 9, count: 100 };
    expect(overlaps(offset(0), offset(1), offset(2))).toBe(2);
    expect(overlaps(latest(null), latest(0), latest(7))).toBe(2);
    expect(overlaps(changes, changes)).toBe(0);
  });

  it('takes changes in the order in which they come: by when they happened, not by when the messages were sent', () => {
    const asked = { kind: 'changes' as const, list: 'updated' as const, afterMs: 9, count: 100 };
    const pages: readonly PageRecord[] = [
      { ...page, asked, first: page.last, last: page.last },
      { ...page, asked, first: page.first, last: page.first },
    ];
    expect(pages.reduce(withPage, nothingRead)).toMatchObject({ first: page.last, last: page.first });
  });

  it('finds the ends of a history wherever the page stands that fills a hole of it', () => {
    const mark = (day: number) => ({ id: `m${day}`, ts: `2026-01-0${day}T00:00:00.000Z` });
    const history = (newest: number | null, oldest: number | null): PageRecord => ({
      ...{ ...page, asked: { kind: 'latest', latestMs: 5, count: 100 } },
      ...{ first: newest === null ? null : mark(newest), last: oldest === null ? null : mark(oldest) },
    });
    const ends = (...pages: readonly PageRecord[]) => {
      const { first, last } = pages.reduce(withPage, nothingRead);
      return [first?.id, last?.id];
    };
    expect(ends(history(4, 3), history(9, 7), history(7, 5))).toEqual(['m3', 'm9']);
    expect(ends(history(9, 7), history(null, null), history(7, 5))).toEqual(['m5', 'm9']);
    expect(ends(history(null, null), history(9, 7))).toEqual(['m7', 'm9']);
    // Of two of one time the first is that which was read last, and the last that which was read first.
    const twin = { ...history(5, 5), first: { ...mark(5), id: 'x' }, last: { ...mark(5), id: 'x' } };
    expect(ends(history(5, 5), twin)).toEqual(['x', 'm5']);
  });

  it('leaves first and last alone on a page of which nothing is new', () => {
    const nothingNew: PageRecord = { ...page, skip: [0], to: 1, first: null, last: null };
    const completeness = [nothingNew, page, nothingNew].reduce(withPage, nothingRead);
    expect(completeness).toMatchObject({ first: page.first, last: page.last, messages: 99 });
  });

  it('turns a history around, which comes newest first', () => {
    const newest: PageRecord = {
      ...page,
      asked: { kind: 'latest', latestMs: null, count: 100 },
      total: null,
      first: { id: 'z', ts: '2026-01-09T00:00:00.000Z' },
      last: { id: 'y', ts: '2026-01-08T00:00:00.000Z' },
    };
    const older: PageRecord = {
      ...page,
      asked: { kind: 'latest', latestMs: 5, count: 100 },
      first: page.last,
      last: page.first,
    };
    expect([newest, older].reduce(withPage, nothingRead)).toMatchObject({
      first: page.first,
      last: newest.first,
      overlapsVerified: 1,
      totalAtFirstPage: null,
    });
  });
});
