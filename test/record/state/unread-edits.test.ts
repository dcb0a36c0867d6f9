import { describe, expect, it } from '@jest/globals';
import { mostHoles } from '../../../src/archive/state/state.ts';
import { unreadEdits, unreadEditsNote } from '../../../src/record/state/unread-edits.ts';
import { sampleChangesOutcome, sampleHole } from '../../support/plans/sample-outcome.ts';
import { changesState } from '../../support/plans/sample-state.ts';

const bad = (id: string | null, reason = 'bad-message') => sampleHole({ reason, id });
const known = changesState({
  unread: [
    { id: 'a', run: 1 },
    { id: 'b', run: 2 },
  ],
});

describe('changed messages that could not be read', () => {
  it('are those of this run, each once, and those of earlier ones', () => {
    const outcome = sampleChangesOutcome({ holes: [bad('c'), bad('c'), bad(null), bad('d', 'http-500')] });
    expect(unreadEdits(known, outcome, [], 5)).toEqual([
      { id: 'a', run: 1 },
      { id: 'b', run: 2 },
      { id: 'c', run: 5 },
    ]);
    expect(unreadEdits(undefined, undefined, [], 5)).toEqual([]);
  });

  it('are none any more that have changed since and could be read, or were deleted', () => {
    expect(unreadEdits(known, undefined, ['a@12345', 'x@1'], 5)).toEqual([{ id: 'b', run: 2 }]);
    expect(unreadEdits(known, undefined, ['b@deleted:12345'], 5)).toEqual([{ id: 'a', run: 1 }]);
  });

  it('were met last by this run, where it met one again', () =>
    expect(unreadEdits(known, sampleChangesOutcome({ holes: [bad('a')] }), [], 5)).toEqual([
      { id: 'b', run: 2 },
      { id: 'a', run: 5 },
    ]));

  it('are the newest of many', () => {
    const holes = Array.from({ length: mostHoles }, (_, at) => bad(`m${at}`));
    const unread = unreadEdits(known, sampleChangesOutcome({ holes }), [], 5);
    expect([unread.length, unread[0]?.id]).toEqual([mostHoles, 'm0']);
  });

  it('are noted by later runs, ten of them by name', () => {
    expect(unreadEditsNote(changesState())).toEqual([]);
    const [one] = unreadEditsNote(changesState({ unread: [{ id: 'a', run: 1 }] }));
    expect(one).toMatch(/^Room "ops": 1 changed message of earlier runs could not be read: "a" \(run 1\);/);
    const many = Array.from({ length: 11 }, (_, at) => ({ id: `m${at}`, run: 1 }));
    const [eleven] = unreadEditsNote(changesState({ unread: many }));
    expect(eleven).toMatch(/11 changed messages .*"m9" \(run 1\)…;/);
  });
});
