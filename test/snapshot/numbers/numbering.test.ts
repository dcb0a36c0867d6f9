import { describe, expect, it } from '@jest/globals';
import { Numbering } from '../../../src/snapshot/numbers/numbering.ts';

type Seen = readonly (readonly [id: string, run: number])[];

function numbers(seen: Seen, known: readonly string[] = []): Readonly<Record<string, number | undefined>> {
  const numbering = new Numbering(1, known);
  for (const [id, run] of seen) numbering.note(id, run);
  numbering.close();
  return Object.fromEntries([...known, ...seen.map(([id]) => id)].map((id) => [id, numbering.numberOf(id)]));
}

describe('numbers of messages', () => {
  it('are given in the order of the runs, whatever the order of the files', () => {
    // A compaction of a partitioned archive puts all runs of a room before those of the next.
    const byRun: Seen = [
      ['a', 1],
      ['b', 1],
      ['c', 2],
      ['a', 2],
      ['d', 3],
    ];
    const byRoom: Seen = [
      ['a', 1],
      ['a', 2],
      ['d', 3],
      ['b', 1],
      ['c', 2],
    ];
    expect(numbers(byRun)).toEqual({ a: 1, b: 2, c: 3, d: 4 });
    expect(numbers(byRoom)).toEqual({ a: 1, b: 2, c: 3, d: 4 });
  });

  it('stay when a later run adds messages, also to a table that is read before the one they were in', () => {
    const before = numbers([
      ['a', 1],
      ['m', 1],
      ['n', 1],
    ]);
    const after = numbers([
      ['a', 1],
      ['x', 2],
      ['n', 2],
      ['m', 2],
      ['m', 1],
      ['n', 1],
    ]);
    expect(before).toEqual({ a: 1, m: 2, n: 3 });
    expect(after).toEqual({ ...before, x: 4 });
  });

  it('stay as they were given, also where the archive has lost what they were made of', () => {
    expect(
      numbers(
        [
          ['c', 5],
          ['z', 6],
        ],
        ['a', '', 'c'],
      ),
    ).toMatchObject({ a: 1, c: 3, z: 4 });
  });

  it('are not given to what nobody has seen', () => {
    const numbering = new Numbering(0);
    expect(numbering.close()).toBe(0);
    expect(numbering.numberOf('a')).toBeUndefined();
  });
});
