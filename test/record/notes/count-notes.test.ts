import { describe, expect, it } from '@jest/globals';
import { sampleRoom } from '../../support/plans/sample-room.ts';
import { countNotes, miscountNotes } from '../../../src/record/notes/count-notes.ts';
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
    expect(countNotes([{ ...later, total: 60 }])).toEqual([]);
    expect(countNotes([{ ...later, total: 30 }])).toEqual([
      'Room "ops" (groups.messages): the list holds 30 messages, and the room list counts 65: its counter is off, or the server does not show the others.',
    ]);
  });

  it('says nothing of a part of a list, nor of one that is off by just a tenth and ten', () => {
    const { stream, ...rest } = outcome(5, 65, 65);
    expect(countNotes([{ ...rest, stream: { ...stream, untilMs: 9 } }])).toEqual([]);
    expect(countNotes([outcome(80, 80, 100)])).toEqual([]);
    expect(countNotes([outcome(79, 79, 100)])).toHaveLength(1);
    // What could not be read was there.
    expect(countNotes([outcome(58, 58, 80, { holes: [{ ...hole, rows: 4 }] })])).toEqual([]);
  });
});

describe('the note on a list of another length than it should have', () => {
  const dayMs = 86_400_000;
  const note = (comparedMs: number | null) =>
    miscountNotes([{ room: sampleRoom(), endpoint: 'groups.messages', total: 9, expected: 12, comparedMs }], {
      nowMs: 0,
      lookbackMs: 7 * dayMs,
    }).join();

  it('says what it may be, and that the next run compares it', () =>
    expect(note(null)).toBe(
      'Room "ops" (groups.messages): the list holds 9 messages, but what was read and reported adds up to 12: the server was restored from a backup, or something was deleted or imported without a report, or it keeps versions of edited messages that no run has read. The next run compares it with the archive.',
    ));

  it('says when it was compared last, and when it is again', () =>
    expect(note(Date.UTC(2024, 1, 1, 12))).toMatch(
      /It was compared with the archive on 2024-02-01, and is again from 2024-02-08 on\.$/,
    ));
});
