import { describe, expect, it } from '@jest/globals';
import { insteadOfChanges } from '../../src/plan/instead-of-changes.ts';
import { sampleChanges } from '../support/plans/sample-changes.ts';
import { readTo, sampleMentions } from '../support/plans/sample-stream.ts';

const silence = { nowMs: 1_000, lookbackMs: 300 };
const sinceMs = (fields: Parameters<typeof sampleChanges>[0], given = silence) =>
  insteadOfChanges(sampleChanges(fields), given)?.sinceMs;

describe('what is read where the server refuses the changes of a room', () => {
  it('is the list of its messages, of the last lookback', () =>
    expect(insteadOfChanges(sampleChanges(), silence)).toEqual({ endpoint: 'groups.messages', sinceMs: 700 }));

  it('is nothing where none of its lists can be compared', () =>
    expect(insteadOfChanges(sampleChanges({ revised: [sampleMentions()] }), silence)).toBeNull());

  it('is all of it where it is compared', () => expect(sinceMs({ compared: 'restored' })).toBe(0));

  it('reaches back to what a table lacks, but not less far than the lookback', () => {
    expect(sinceMs({ isBehind: true, cursor: readTo(200) })).toBe(200);
    expect(sinceMs({ isBehind: true, cursor: readTo(900) })).toBe(700);
    expect(sinceMs({ isBehind: true, cursor: { watermark: null, offset: 0, deliveredIds: [] } })).toBe(0);
    expect(sinceMs({ cursor: readTo(200) })).toBe(700);
  });

  it('begins neither before 1970 nor in the future, whatever the job says', () => {
    expect(sinceMs({}, { nowMs: 100, lookbackMs: 300 })).toBe(0);
    expect(sinceMs({}, { nowMs: 100, lookbackMs: -300 })).toBe(100);
  });
});
