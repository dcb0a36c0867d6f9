import { describe, expect, it } from '@jest/globals';
import { minuteMs } from '../../../src/model/time/durations.ts';
import { knownSince, RecentRows } from '../../../src/extract/walk/recent-rows.ts';
import type { ListRow } from '../../../src/model/list/list-order.ts';

const row = (id: string, tsMs: number, fields: Partial<ListRow> = {}): ListRow => ({ id, tsMs, ...fields });
const startMs = Number.NEGATIVE_INFINITY;

describe('the rows that the next run must know by name', () => {
  it('are those of the last minute before the newest, behind a watermark that is a minute back', () => {
    const recent = new RecentRows([], startMs);
    recent.add([row('a', 0), row('b', 1), row('c', minuteMs)]);
    expect(recent.cursor(70)).toEqual({ watermark: { tsMs: 0, id: null }, offset: 68, deliveredIds: ['b', 'c'] });
  });

  it('are forgotten as newer ones come', () => {
    const recent = new RecentRows([], startMs);
    recent.add([row('a', 0), row('b', 1_000)]);
    recent.add([row('c', 2 * minuteMs), row('d', 2 * minuteMs + 5)]);
    expect(recent.cursor(9)).toEqual({
      watermark: { tsMs: minuteMs + 5, id: null },
      offset: 7,
      deliveredIds: ['c', 'd'],
    });
  });

  it('go no further back than what is known: a row that was taken before has no name here', () => {
    const recent = new RecentRows([row('a', 50_000)], 40_000);
    recent.add([row('b', 70_000)]);
    expect(recent.cursor(5)).toEqual({ watermark: { tsMs: 40_000, id: null }, offset: 3, deliveredIds: ['a', 'b'] });
  });

  it('are all of the last minute, by the newest of them', () => {
    const recent = new RecentRows([], startMs);
    recent.add([row('a', 0), row('b', 1_000), row('c', 2_000), row('d', 3_000)]);
    expect(recent.cursor(9)).toEqual({
      ...{ watermark: { tsMs: 3_000 - minuteMs, id: null }, offset: 5, deliveredIds: ['a', 'b', 'c', 'd'] },
    });
    recent.add([row('e', minuteMs + 1_500)]);
    expect(recent.cursor(9)?.deliveredIds).toEqual(['c', 'd', 'e']);
  });

  it('are none of those that lie at or before what is known', () => {
    const recent = new RecentRows([row('old', 30_000), row('edge', 40_000), row('a', 50_000)], 40_000);
    expect(recent.cursor(9)).toEqual({ watermark: { tsMs: 40_000, id: null }, offset: 8, deliveredIds: ['a'] });
  });

  it('reach back a whole minute as long as nothing was forgotten', () => {
    const old = new RecentRows([], startMs);
    old.add([]);
    old.add([row('a', -100_000)]);
    expect(old.cursor(9)?.watermark?.tsMs).toBe(-160_000);
    const late = new RecentRows([], startMs);
    late.add([row('a', 100_000)]);
    late.add([row('late', 50_000)]);
    expect(late.cursor(9)?.watermark?.tsMs).toBe(-10_000);
  });

  it('do not reach back before what was forgotten, though the newest was posted late', () => {
    const recent = new RecentRows([], startMs);
    recent.add([row('a', 0), row('b', 3 * minuteMs)]);
    recent.add([row('late', 2.5 * minuteMs)]);
    expect(recent.cursor(5)?.watermark?.tsMs).toBe(2 * minuteMs);
  });

  it('are none without a date: nobody can tell how new they are', () => {
    const recent = new RecentRows([], startMs);
    recent.add([row('a', 9, { undated: { type: 'null', value: null } })]);
    expect(recent.cursor(5)).toBeNull();
  });

  it('are none where nothing was taken', () => expect(new RecentRows([], startMs).cursor(5)).toBeNull());

  it('stand at the beginning of a list that is shorter', () => {
    const recent = new RecentRows([row('a', 1), row('b', 2)], startMs);
    expect(recent.cursor(1)?.offset).toBe(0);
  });
});

describe('since when taken rows are known by name', () => {
  const cursor = { watermark: { tsMs: 100, id: null }, offset: 0, deliveredIds: [] };

  it('is the watermark, or just before the first of the recent rows if that is earlier', () => {
    expect(knownSince(cursor, [])).toBe(100);
    expect(knownSince(cursor, [row('a', 90), row('b', 95)])).toBe(89);
    expect(knownSince(cursor, [row('a', 101)])).toBe(100);
    expect(knownSince(cursor, [row('a', 200)])).toBe(100);
  });

  it('is ever, for a list that no run has read', () =>
    expect(knownSince({ ...cursor, watermark: null }, [row('a', 1)])).toBe(startMs));
});
