import { describe, expect, it } from '@jest/globals';
import { comparedStream } from '../../../src/plan/streams/compared-stream.ts';
import { sampleMentions, sampleStream } from '../../support/plans/sample-stream.ts';

describe('the list by which a room can be compared with the archive', () => {
  it('is the one that reads all its messages, by offset', () => {
    const whole = sampleStream();
    expect(comparedStream({ revised: [sampleMentions(), whole] })).toBe(whole);
  });

  it.each([
    ['with filters', sampleStream({ filters: { pinned: true } })],
    ['via history', sampleStream({ via: 'history' })],
    ['of mentions', sampleMentions()],
  ])('is none %s: what it lacks need not be gone', (_, stream) =>
    expect(comparedStream({ revised: [stream] })).toBeUndefined(),
  );
});
