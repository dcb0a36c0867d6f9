import { describe, expect, it } from '@jest/globals';
import type { ChangesState } from '../../../src/archive/state/state.ts';
import type { ComparedFor } from '../../../src/plan/run-plan.ts';
import { knownBefore, stillToCompare } from '../../../src/record/state/after-comparison.ts';
import { sampleChanges } from '../../support/plans/sample-changes.ts';
import { sampleChangesOutcome } from '../../support/plans/sample-outcome.ts';
import { changesState } from '../../support/plans/sample-state.ts';

const refusal = { reason: 'restored', instead: { endpoint: 'groups.messages', sinceMs: 0 } };
const gap = { reason: 'http-500', message: 'no' };
const comparedFor = (compared: ComparedFor | null) => sampleChanges({ compared });

describe('what was delivered before a run', () => {
  const known = changesState({ known: { messages: ['a@5', 'b@deleted:6'] } });

  it('is what the state knows, or what the run was told', () => {
    expect(knownBefore(undefined, undefined)).toEqual({});
    expect(knownBefore(known, undefined)).toEqual(known.known);
    const told = sampleChangesOutcome({ changes: sampleChanges({ known: { messages: ['c@7'] } }) });
    expect(knownBefore(known, told)).toEqual({ messages: ['c@7'] });
  });

  it('may come again after a comparison, but for deletions', () => {
    expect(knownBefore(known, sampleChangesOutcome({ changes: comparedFor('restored') }))).toEqual({
      messages: ['b@deleted:6'],
    });
    const behind = sampleChanges({ compared: 'restored', isBehind: true, known: {} });
    expect(knownBefore(known, sampleChangesOutcome({ changes: behind }))).toEqual({});
  });
});

type ReadAnew = Parameters<typeof stillToCompare>[2];

describe('a comparison that is still due', () => {
  const due = (
    compared: ComparedFor | null,
    before: ChangesState['compare'],
    isDone: boolean,
    readAnew: ReadAnew = null,
  ) => {
    const known = changesState(before === undefined ? {} : { compare: before });
    const changes = comparedFor(compared);
    return stillToCompare(known, sampleChangesOutcome({ changes, refusal, gap: isDone ? null : gap }), readAnew);
  };

  it('is one that came to no end', () => {
    expect([due('restored', undefined, false), due('restored', undefined, true)]).toEqual(['restored', undefined]);
    expect([due('returned', 'returned', false), due('returned', 'returned', true)]).toEqual(['returned', undefined]);
  });

  it('is one that earlier runs owed, until a run makes it', () => {
    expect(due(null, 'returned', true)).toBe('returned');
    expect(due('miscounted', 'restored', true)).toBe('restored');
    expect(due('restored', 'returned', true)).toBeUndefined();
    expect(stillToCompare(changesState({ compare: 'returned' }), undefined, null)).toBe('returned');
  });

  it('is none for a list of another length: that shows again', () =>
    expect(due('miscounted', undefined, false)).toBeUndefined());

  it('is one where the server reported changes in its place', () => {
    const outcome = sampleChangesOutcome({ changes: comparedFor('restored') });
    expect(stillToCompare(changesState(), outcome, null)).toBe('restored');
  });

  it('is one of a room that was read anew and could not be compared', () => {
    expect(due(null, undefined, true, 'uncompared')).toBe('reset');
    expect(due(null, 'returned', true, 'uncompared')).toBe('returned');
    expect(stillToCompare(undefined, undefined, 'uncompared')).toBe('reset');
    expect(due(null, 'reset', true, 'compared')).toBeUndefined();
    expect(due(null, 'returned', true, 'compared')).toBe('returned');
  });

  it('is one of a room whose history was read while types were hidden, until it is compared or read anew', () => {
    expect(stillToCompare(undefined, undefined, null, true)).toBe('hidden-types');
    expect(stillToCompare(changesState({ compare: 'returned' }), undefined, null, true)).toBe('returned');
    expect(due(null, 'hidden-types', true)).toBe('hidden-types');
    expect(due('hidden-types', 'hidden-types', true)).toBeUndefined();
    expect(due(null, 'hidden-types', true, 'compared')).toBeUndefined();
  });
});
