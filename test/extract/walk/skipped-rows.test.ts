import { describe, expect, it } from '@jest/globals';
import { skipped } from '../../../src/extract/walk/skipped-rows.ts';

const rows = (ids: string) => ids.split('').map((id) => ({ id: id === '-' ? '' : id, tsMs: 0 }));

describe('the rows of a page that are not taken', () => {
  it('are those that an earlier walk took, by their place on the page', () =>
    expect(skipped(rows('abc'), 5, new Set(['b', 'z']))).toEqual([6]));

  it('are those that the page holds twice, but for the first', () =>
    expect(skipped(rows('abab'), 0, new Set())).toEqual([2, 3]));

  it('are never rows without an id: none is known to be another', () =>
    expect(skipped(rows('--a'), 0, new Set(['']))).toEqual([]));

  it('are forgotten once they have passed', () => {
    const takenBefore = new Set(['b', 'z']);
    skipped(rows('abc'), 0, takenBefore);
    expect([...takenBefore]).toEqual(['z']);
  });
});
