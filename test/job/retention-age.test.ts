import { describe, expect, it } from '@jest/globals';
import { parseRetentionAge, retainedSinceMs } from '../../src/job/retention-age.ts';

describe('retainedSinceMs', () => {
  it.each([
    ['90d', '2026-11-27T23:59:59.999Z', '2026-08-29T00:00:00.000Z'],
    ['90d', '2026-11-27T00:00:00.000Z', '2026-08-29T00:00:00.000Z'],
    ['7y', '2026-11-27T11:00:00.000Z', '2019-11-27T00:00:00.000Z'],
    // What was sent on 28 February stays for a whole year.
    ['1y', '2024-02-29T11:00:00.000Z', '2023-02-28T00:00:00.000Z'],
    ['4y', '2024-02-29T11:00:00.000Z', '2020-02-29T00:00:00.000Z'],
  ])('of %s at %s begins at %s', (text, now, since) => {
    const sinceMs = retainedSinceMs(parseRetentionAge(text), Date.parse(now));
    expect(new Date(sinceMs).toISOString()).toBe(since);
  });
});
