import { describe, expect, it } from '@jest/globals';
import { GallopingSearch, type Distance } from '../../../src/extract/walk/galloping-search.ts';

interface Searched {
  readonly pageRows?: number;
  readonly total?: number;
  readonly distance?: Distance;
  readonly shrunkBy?: number;
}

/**
 * Searches a list of `total` rows, on pages of `pageRows`, for a page that begins at or before row `place` and reaches
 * beyond it. @returns the offsets asked for, the first included, the last of which is it
 */
function search(
  from: number,
  place: number,
  { pageRows = 100, total = 2_000_000, distance = 'near', shrunkBy = 0 }: Searched = {},
) {
  const found = new GallopingSearch(pageRows, distance);
  const asked = [from];
  let offset = from;
  while (asked.length < 100) {
    const rows = Math.min(pageRows, Math.max(0, total - offset));
    if (offset <= place && offset + rows - 1 > place) return asked;
    offset = offset > place ? found.afterLate(offset, shrunkBy) : found.afterBehind(offset, rows, total);
    asked.push(offset);
  }
  return asked;
}

describe('the search for a place in a list that has moved', () => {
  it('finds it at once where the list has shifted by a row or two, to either side', () => {
    expect(search(1_000, 999)).toEqual([1_000, 998]);
    expect(search(1_000, 998)).toEqual([1_000, 998]);
    expect(search(1_000, 1_099)).toEqual([1_000, 1_099]);
    expect(search(1_000, 1_150)).toEqual([1_000, 1_099]);
  });

  it('finds it in some thirty requests where the list has shifted by a million rows', () => {
    expect(search(1_500_000, 500_000)).toHaveLength(32);
    expect(search(500_000, 1_500_000)).toHaveLength(30);
  });

  it('strides away in doubling steps, then halves what is left', () => {
    expect(search(1_000, 500)).toEqual([1_000, 998, 994, 986, 970, 938, 874, 746, 490]);
    expect(search(1_000, 2_500)).toEqual([1_000, 1_099, 1_298, 1_597, 2_096, 2_995, 2_595, 2_395, 2_544, 2_494]);
  });

  it('goes back half a page at least where the place was noted long ago', () =>
    expect(search(1_000, 500, { distance: 'far' })).toEqual([1_000, 950, 850, 650, 250, 499]));

  it('goes back as far as the list has shrunk', () =>
    expect(search(1_000, 500, { shrunkBy: 501 })).toEqual([1_000, 499]));

  it('begins at the beginning where a page from there reaches the place', () => {
    expect(search(50, 3)).toEqual([50, 48, 44, 36, 20, 0]);
    expect(search(1, 0)).toEqual([1, 0]);
  });

  it('never asks for less than the last row of a list, and stops at it', () =>
    expect(search(0, 148, { total: 150 })).toEqual([0, 99]));

  it('halves from the first request on where the place was never seen, and leaves as much on either side of a page', () => {
    const inHalves = { distance: 'anywhere' as const, total: 10_000 };
    const first = new GallopingSearch(100, 'anywhere').first(10_000, 5_000);
    expect(search(first, 4_975, inHalves)).toEqual([4_950]);
    expect(search(first, 0, inHalves)).toEqual([4_950, 2_425, 1_163, 532, 216, 58, 0]);
    expect(search(first, 9_998, inHalves)).toEqual([4_950, 7_475, 8_737, 9_368, 9_684, 9_842, 9_941]);
    expect(search(0, 4_975, inHalves)).toEqual([0, 5_000, 2_500, 3_750, 4_375, 4_687, 4_843, 4_942]);
    expect(new GallopingSearch(0, 'anywhere').first(90, 5_000)).toBe(0);
    expect(new GallopingSearch(0, 'anywhere').first(null, 5_000)).toBe(0);
  });

  it('forgets a late page that the list has moved past', () => {
    const found = new GallopingSearch(100);
    expect(found.afterLate(1_000, 0)).toBe(998);
    // Rows 998 to 1097 end too early now: what was late is not.
    expect(found.afterBehind(998, 100, 5_000)).toBe(1_097);
    expect(found.afterBehind(1_097, 100, 5_000)).toBe(1_296);
    expect(found.afterBehind(1_296, 100, 5_000)).toBe(1_595);
  });

  it('takes pages for as long as servers give them by default, or as are asked for, where none has been seen', () => {
    const first = (pageSize: number) => new GallopingSearch(0, 'anywhere').first(10_000, pageSize);
    expect([first(5_000), first(20)]).toEqual([4_950, 4_990]);
  });

  it('asks for the page behind where that reaches beyond the late one, by the longest page seen, and else halves', () => {
    const afterLate = (lateAt: number, shrunkBy = 0, pageRows = 100) => {
      const found = new GallopingSearch(pageRows);
      // Row 600 is the last that is known to be behind.
      found.afterBehind(501, 100, 5_000);
      return found.afterLate(lateAt, shrunkBy);
    };
    expect([afterLate(698), afterLate(698, 0, 10)]).toEqual([600, 600]);
    expect(afterLate(699)).toBe(649);
    // No stride leads further back than what is known.
    expect(afterLate(1_000, 400)).toBe(800);
    expect(afterLate(1_000, 399)).toBe(601);
  });

  it('asks from the last row of a page on where the next one reaches the late row, and else halves', () => {
    const afterBehind = (offset: number) => {
      const found = new GallopingSearch(100);
      found.afterLate(1_000, 0);
      return found.afterBehind(offset, 100, 5_000);
    };
    expect([afterBehind(850), afterBehind(802), afterBehind(801)]).toEqual([949, 901, 950]);
  });

  it('strides no further than the last row that the server counts', () => {
    const found = new GallopingSearch(100);
    expect(found.afterBehind(0, 100, 200)).toBe(99);
    expect(found.afterBehind(99, 100, 200)).toBe(199);
  });

  it('forgets a late page, or one behind, that the list has moved right onto', () => {
    const late = new GallopingSearch(100);
    late.afterLate(1_000, 0);
    expect([late.afterBehind(901, 100, 5_000), late.afterBehind(1_000, 100, 5_000)]).toEqual([1_000, 1_199]);
    const behind = new GallopingSearch(100);
    behind.afterBehind(1_000, 1, 5_000);
    expect(behind.afterLate(1_000, 0)).toBe(998);
  });

  it('forgets a page behind that the list has moved past', () => {
    const found = new GallopingSearch(100);
    expect(found.afterBehind(1_000, 100, 5_000)).toBe(1_099);
    expect(found.afterLate(1_050, 0)).toBe(1_048);
    expect(found.afterLate(1_048, 0)).toBe(1_044);
  });
});
