import { describe, expect, it } from '@jest/globals';
import { mostHoles, type KnownHole } from '../../src/archive/state/state.ts';
import { forgottenHoles } from '../../src/record/state/holes-after.ts';
import { fromTheBeginning, type Hole } from '../../src/model/stream.ts';
import { wholeWalk } from '../support/plans/sample-stream.ts';

const hole = (place: number, reason = 'http-500'): Hole => ({
  ...{ reason, message: '', offset: place, rows: 1, id: null },
  ...{ after: { tsMs: place, id: 'a' }, before: { tsMs: place + 1, id: 'b' } },
});

function forgotten(met: readonly Hole[], earlier: readonly KnownHole[] = []): number {
  const stream = {
    key: 'groups.messages r',
    endpoint: 'groups.messages' as const,
    room: {
      ...{ id: 'r', name: 'ops', type: 'private' as const, archived: false, parentId: null },
      ...{ messageCount: 1, lastMessageAtMs: null, updatedAtMs: null, changeMark: null },
    },
    ...{ via: 'messages' as const, filters: {}, pageSize: null, isNew: true, mayReplace: false, otherCursor: null },
    ...{ ...wholeWalk, cursor: fromTheBeginning, holes: earlier },
  };
  return forgottenHoles({ stream, holes: met, gap: null }, 2);
}

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
