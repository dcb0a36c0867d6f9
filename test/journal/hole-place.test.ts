import { describe, expect, it } from '@jest/globals';
import { distinctHoles, holePlace, isBadMessage } from '../../src/journal/hole-place.ts';
import type { Hole } from '../../src/model/stream.ts';

const at = (tsMs: number) => ({ tsMs, id: `m${tsMs}` });

function hole(fields: Partial<Hole> = {}): Hole {
  return { reason: 'http-500', message: '', offset: 3, rows: 1, after: at(1), before: at(2), id: null, ...fields };
}

describe('the place of a hole', () => {
  it('is what stands around it, wherever the list has moved meanwhile', () => {
    expect(holePlace(hole({ offset: 9, rows: 2 }))).toBe(holePlace(hole()));
    expect(holePlace(hole({ before: at(3) }))).not.toBe(holePlace(hole()));
    expect(holePlace(hole({ after: null }))).not.toBe(holePlace(hole()));
  });

  it('is the message itself where that was read, whatever stands around it', () => {
    const bad = hole({ id: 'm', reason: 'bad-message' });
    expect(holePlace({ ...bad, after: null })).toBe(holePlace(bad));
    expect(holePlace({ ...bad, id: 'n' })).not.toBe(holePlace(bad));
  });

  it('makes one of two that a cut walk met twice, as it was met last', () => {
    const again = hole({ message: 'again' });
    expect(distinctHoles([hole(), hole({ id: 'm' }), again])).toEqual([again, hole({ id: 'm' })]);
  });

  it('is settled only where the message itself makes no row', () => {
    expect(isBadMessage(hole({ reason: 'bad-message' }))).toBe(true);
    expect(isBadMessage(hole())).toBe(false);
  });
});
