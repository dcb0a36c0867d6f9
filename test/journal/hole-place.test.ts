import { describe, expect, it } from '@jest/globals';
import { distinctHoles, holePlace, isBadMessage, isInHole } from '../../src/journal/hole-place.ts';
import { sampleHole } from '../support/plans/sample-outcome.ts';

const [after, before] = [
  { tsMs: 10, id: 'a' },
  { tsMs: 20, id: 'b' },
];
const text = { type: 'text', value: 'x' } as const;

describe('a place in a list that could not be read', () => {
  it('is known by what stands around it, whatever was said of it, or by its message', () => {
    const hole = sampleHole({ after, before });
    expect(holePlace(sampleHole({ after, before, offset: 7, reason: 'wire' }))).toBe(holePlace(hole));
    expect(holePlace({ after, before })).toBe(holePlace(hole));
    expect(holePlace({ ...hole, before: null })).not.toBe(holePlace(hole));
    expect(holePlace({ ...hole, id: 'm' })).toBe(holePlace({ after: null, before: null, id: 'm' }));
  });

  it('is one though a walk that was cut met it twice, as it was met last', () => {
    const [first, again, other] = [
      sampleHole({ after, before, offset: 1 }),
      sampleHole({ after, before, offset: 2 }),
      sampleHole({ after, before: null }),
    ];
    expect(distinctHoles([first, other, again])).toEqual([again, other]);
  });

  it('is that of a message that was read, and makes no row, by its reason alone', () =>
    expect(['bad-message', 'http-500'].map((reason) => isBadMessage(sampleHole({ reason })))).toEqual([true, false]));

  it('may hold what lies between the two beside it, their milliseconds included', () => {
    const hole = sampleHole({ after, before });
    expect([9, 10, 15, 20, 21].filter((tsMs) => isInHole(hole, 'm', tsMs))).toEqual([10, 15, 20]);
    expect([9, 20, 21].filter((tsMs) => isInHole({ ...hole, after: null }, 'm', tsMs))).toEqual([9, 20]);
    expect([9, 10, 21].filter((tsMs) => isInHole({ ...hole, before: null }, 'm', tsMs))).toEqual([10, 21]);
    // Next to a row without a date nobody knows.
    expect(isInHole({ ...hole, after: { ...after, undated: text } }, 'm', 9)).toBe(true);
    expect(isInHole({ ...hole, before: { ...before, undated: text } }, 'm', 21)).toBe(true);
  });

  it('of one message holds that one, whenever it was sent', () => {
    const hole = sampleHole({ after, before, id: 'm' });
    expect([isInHole(hole, 'm', 99), isInHole(hole, 'n', 15)]).toEqual([true, false]);
  });
});
