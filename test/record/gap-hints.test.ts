import { describe, expect, it } from '@jest/globals';
import { gapHint } from '../../src/record/gap-hints.ts';

const reasons = [
  ...['room-not-found', 'room-kind', 'room-renamed', 'room-gone', 'room-archived', 'not-allowed', 'empty-answer'],
  ...['bad-message', 'http-400', 'http-500', 'wire', 'moving', 'page-cap'],
];
const otherwise = 'The next run tries again from where this one got to';

describe('what can be done about a gap', () => {
  it.each(reasons)('is said in a sentence of its own for "%s"', (reason) => {
    const others = reasons.filter((other) => other !== reason).map(gapHint);
    expect(gapHint(reason)).toMatch(/^\w.{20,}[^.]$/);
    expect([otherwise, ...others]).not.toContain(gapHint(reason));
  });

  it('names the setting that a short page hangs on', () =>
    expect(gapHint('page-cap')).toContain('API_Upper_Count_Limit'));

  it('is to run again for any other', () => expect(gapHint('too-large')).toBe(otherwise));
});
