import { describe, expect, it } from '@jest/globals';
import { countNotes } from '../../../src/record/notes/count-notes.ts';
import { nothingRead } from '../../../src/journal/completeness.ts';
import type { PlannedStream } from '../../../src/plan/run-plan.ts';
import type { StreamOutcome } from '../../../src/plan/stream-outcome.ts';
import { fromTheBeginning, type Hole } from '../../../src/model/stream.ts';
import { wholeWalk } from '../../support/plans/sample-stream.ts';

const hole: Hole = { reason: 'http-500', message: '', offset: 0, rows: 1, after: null, before: null, id: null };

type Outcome = StreamOutcome<PlannedStream>;

function outcome(read: number, total: number, counted: number, fields: Partial<Outcome> = {}): Outcome {
  return {
    stream: {
      key: 'groups.messages r',
      endpoint: 'groups.messages',
      room: {
        ...{ id: 'r', name: 'ops', type: 'private', archived: false, parentId: null },
        ...{ messageCount: counted, lastMessageAtMs: null, updatedAtMs: null, changeMark: null },
      },
      ...{ via: 'messages', filters: {}, pageSize: null, isNew: true, mayReplace: false, otherCursor: null },
      ...{ ...wholeWalk, cursor: fromTheBeginning, holes: [] },
    },
    completeness: { ...nothingRead, messages: read, totalAtLastPage: total },
    ...{ cursor: fromTheBeginning, gap: null, holes: [], total: null },
    ...fields,
  };
}

describe('what was read, compared with what the server counts', () => {
  it.each([
    ['the same', outcome(60, 60, 60)],
    ['a counter that is somewhat off', outcome(60, 60, 75)],
    ['messages that were deleted meanwhile', outcome(60, 55, 50)],
    ['a place that could not be read, which a gap names', outcome(59, 60, 60, { holes: [hole] })],
    ['a gap', outcome(3, 60, 60, { gap: { reason: 'wire', message: '' } })],
  ])('is worth no note: %s', (_, one) => expect(countNotes([one])).toEqual([]));

  it('is never passed over in silence when it disagrees', () => {
    expect(countNotes([outcome(58, 60, 58)])).toEqual([
      'Room "ops" (groups.messages): 58 messages were read, and the list counted 60 beside its last page.',
    ]);
    expect(countNotes([outcome(30, 30, 60)])).toEqual([
      'Room "ops" (groups.messages): 30 messages were read, and the room list counts 60: its counter is off, or the server does not show the others.',
    ]);
  });

  it('says nothing of a list that an earlier run has begun', () => {
    const { stream, ...rest } = outcome(5, 65, 65);
    const later = { ...rest, stream: { ...stream, cursor: { ...fromTheBeginning, watermark: { tsMs: 1, id: null } } } };
    expect(countNotes([later])).toEqual([]);
  });
});
