import { describe, expect, it } from '@jest/globals';
import type { ChangesRefusal } from '../../../src/model/stream.ts';
import type { RunChanges } from '../../../src/plan/run-plan.ts';
import { rescanNotes, withUncompared } from '../../../src/record/notes/rescan-notes.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { sampleChangesOutcome } from '../../support/plans/sample-outcome.ts';

const sinceMs = Date.UTC(2024, 0, 1);
const instead = { endpoint: 'groups.messages' as const, sinceMs };
const outcome = (refusal: ChangesRefusal | null, fields: Partial<RunChanges> = {}) =>
  sampleChangesOutcome({ changes: sampleChanges(fields), refusal });
const refused = outcome({ reason: 'not-allowed', instead });
const unlisted = { kind: 'note', message: 'no column "op"' } as const;

describe('the notes on rooms whose changes the server does not report', () => {
  it('say since when messages were read once more, for all rooms of one reason together', () => {
    expect(rescanNotes([refused], null)).toEqual([
      'The server refuses chat.syncMessages in one room (not-allowed): messages since 2024-01-01T00:00:00.000Z (lookback) were read once more there and compared with the archive. Changes to older ones were not looked for, and when a deletion found this way happened is not known.',
    ]);
    const notes = rescanNotes([refused, outcome({ reason: 'http-500', instead }), refused], null);
    expect(notes.map((note) => note.split(':')[0])).toEqual([
      'The server refuses chat.syncMessages in 2 rooms (not-allowed)',
      'The server refuses chat.syncMessages in one room (http-500)',
    ]);
    expect(rescanNotes([refused], unlisted)).toEqual([
      'The server refuses chat.syncMessages in one room (not-allowed), and messages that were read again could not be compared with the archive, so no change to earlier messages was found: no column "op".',
    ]);
  });

  it('say where nothing could be read instead', () =>
    expect(rescanNotes([outcome({ reason: 'not-allowed', instead: null })], null)).toEqual([
      'The server refuses chat.syncMessages in room "ops" (not-allowed), and what changed there was not looked for: only a room that is read whole, without filters and not via history, can be compared.',
    ]));

  it.each(['restored', 'reset', 'miscounted', 'returned', 'hidden-types'] as const)(
    'say why rooms were read again: %s',
    (reason) => {
      const one = outcome({ reason, instead });
      expect(rescanNotes([one], null)[0]).toMatch(
        /^[A-Z].+\. One room was read again from the beginning and compared with the archive\.$/,
      );
      expect(rescanNotes([one, one], unlisted)[0]).toMatch(
        /\. 2 rooms were read again from the beginning but not compared: no column "op"\.$/,
      );
    },
  );

  it('say which room could not be compared though it should have been', () =>
    expect(rescanNotes([outcome(null, { compared: 'restored' })], null)).toEqual([
      'Room "ops" (restored) was not compared with the archive: only a room that is read whole, without filters and not via history, can be, and is once it can. The changes that the server reports were read.',
    ]));

  it('are none where changes were read, or ended in a gap, which says so itself', () => {
    const gap = { reason: 'wire', message: '' };
    expect(rescanNotes([outcome(null), { ...refused, gap }], null)).toEqual([]);
    expect(rescanNotes([{ ...outcome(null, { compared: 'reset' }), gap }], null)).toEqual([]);
  });
});

describe('what was read for nothing, because the archive is damaged', () => {
  const damaged = { kind: 'gap', message: 'run 2 is damaged' } as const;
  const gap = { reason: 'archive-unreadable', message: 'run 2 is damaged' };

  it('is a gap, so that the next run does it again', () => {
    expect(withUncompared(refused, { uncompared: damaged, unread: [] }).gap).toEqual(gap);
    expect(withUncompared(outcome(null), { uncompared: damaged, unread: ['r1'] }).gap).toEqual(gap);
  });

  it('is none where the archive was not asked, or something else went wrong', () => {
    const wire = { reason: 'wire', message: '' };
    expect(withUncompared({ ...refused, gap: wire }, { uncompared: damaged, unread: [] }).gap).toEqual(wire);
    for (const left of [outcome(null), outcome({ reason: 'not-allowed', instead: null })]) {
      expect(withUncompared(left, { uncompared: damaged, unread: ['r2'] })).toBe(left);
    }
    expect(withUncompared(refused, { uncompared: unlisted, unread: ['r1'] })).toBe(refused);
    expect(withUncompared(refused, { uncompared: null, unread: ['r1'] })).toBe(refused);
  });
});
