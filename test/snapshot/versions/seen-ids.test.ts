import { describe, expect, it } from '@jest/globals';
import { SeenIds } from '../../../src/snapshot/versions/seen-ids.ts';

describe('the ids that were seen', () => {
  it('are known again, each with the run it was seen in first, however long they are', () => {
    // More than it was told to expect.
    const seen = new SeenIds(100);
    const idOf = (at: number): string => `${'long '.repeat(at % 50)}${at}`;
    for (let at = 0; at < 3_000; at++) expect(seen.note(idOf(at), (at % 7) + 1)).toBeUndefined();
    for (let at = 0; at < 3_000; at++) expect(seen.note(idOf(at), 99)).toBe((at % 7) + 1);
    expect([idOf(1), 'another'].map((id) => seen.has(id))).toEqual([true, false]);
  });

  it('take at most 16 bytes each', () => {
    const ids = 1_000_000;
    const before = process.memoryUsage().arrayBuffers;
    const seen = new SeenIds(ids);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThanOrEqual(16 * ids + 64);
    expect(seen.note('an id', 1)).toBeUndefined();
  });
});
