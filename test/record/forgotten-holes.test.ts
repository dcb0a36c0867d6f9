import { describe, expect, it } from '@jest/globals';
import { mostHoles, type KnownHole } from '../../src/archive/state/state.ts';
import { forgottenHoles, holesAfter } from '../../src/record/state/holes-after.ts';
import { fromTheBeginning, type Hole } from '../../src/model/stream.ts';
import { wholeWalk } from '../support/plans/sample-stream.ts';

const hole = (place: number, reason = 'http-500'): Hole => ({
  ...{ reason, message: '', offset: place, rows: 1, id: null },
  ...{ after: { tsMs: place, id: 'a' }, before: { tsMs: place + 1, id: 'b' } },
});

function streamWith(earlier: readonly KnownHole[]) {
  return {
    key: 'groups.messages r',
    endpoint: 'groups.messages' as const,
    room: {
      ...{ id: 'r', name: 'ops', type: 'private' as const, archived: false, parentId: null },
      ...{ messageCount: 1, lastMessageAtMs: null, updatedAtMs: null, changeMark: null },
    },
    ...{ via: 'messages' as const, filters: {}, pageSize: null, isNew: true, mayReplace: false, otherCursor: null },
    ...{ ...wholeWalk, cursor: fromTheBeginning, holes: earlier },
  };
}

function forgotten(met: readonly Hole[], earlier: readonly KnownHole[] = []): number {
  return forgottenHoles({ stream: streamWith(earlier), holes: met, gap: null }, 2);
}

describe('places that could not be read', () => {
  const known = { ...hole(5), firstRun: 1 };
  const after = (met: readonly Hole[], gap: { reason: string; message: string } | null = null) =>
    holesAfter({ stream: streamWith([known]), holes: met, gap }, 2);

  it('stay known since the run that met them first', () =>
    expect(after([hole(5), hole(9)])).toEqual([known, { ...hole(9), firstRun: 2 }]));

  it('are forgotten once they are read, and not where a run ended before it came to them', () => {
    expect(after([])).toEqual([]);
    expect(after([], { reason: 'wire', message: '' })).toEqual([known]);
  });
});

describe('places that could not be read, more than the state keeps', () => {
  const many = Array.from({ length: mostHoles }, (_, place) => hole(place));

  it('are counted, and none where it keeps them all', () => {
    expect(forgotten(many)).toBe(0);
    expect(forgotten([...many, hole(500), hole(501)])).toBe(2);
  });

  it('are not those of earlier runs that are read by now, but their bad messages', () => {
    expect(forgotten(many, [{ ...hole(900), firstRun: 1 }])).toBe(0);
    expect(forgotten(many, [{ ...hole(900, 'bad-message'), firstRun: 1 }])).toBe(1);
  });
});
