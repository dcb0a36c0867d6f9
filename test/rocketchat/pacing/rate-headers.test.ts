import { describe, expect, it } from '@jest/globals';
import { parseDateHeaderMs, parseRateHeaders } from '../../../src/rocketchat/pacing/rate-headers.ts';

const names = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'] as const;

function headers(...values: (string | undefined)[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name, at) => (values[at] === undefined ? [] : [[name, values[at]]])));
}

describe('parseRateHeaders', () => {
  it.each([
    [headers('10', '9', '1760000000000'), { remaining: 9, resetAtMs: 1_760_000_000_000 }],
    [headers(undefined, '0', '1760000000000'), { remaining: 0, resetAtMs: 1_760_000_000_000 }],
    // A gateway that counts seconds, and nonsense.
    [headers('10', '9', '1760000000'), { remaining: 9, resetAtMs: undefined }],
    [headers('10', '9', '60'), { remaining: 9, resetAtMs: undefined }],
    // 2001, and 5138: no window lasts until then.
    [headers('10', '9', '1000000000000'), { remaining: 9, resetAtMs: undefined }],
    [headers('10', '9', '100000000000000'), { remaining: 9, resetAtMs: undefined }],
    // A proxy that adds its own: Node joins the two.
    [headers('10, 60', '9, 59', '1760000000000'), undefined],
    [headers('10', '9', 'soon'), { remaining: 9, resetAtMs: undefined }],
    [headers('10', '-1', '1760000000000'), undefined],
    [headers('10'), undefined],
    [headers(), undefined],
  ])('reads %j', (given, expected) => expect(parseRateHeaders(given)).toEqual(expected));
});

describe('parseDateHeaderMs', () => {
  it('reads the second, or nothing', () => {
    expect(parseDateHeaderMs({ date: 'Thu, 09 Oct 2025 08:53:20 GMT' })).toBe(1_760_000_000_000);
    expect(parseDateHeaderMs({ date: 'today' })).toBeUndefined();
    expect(parseDateHeaderMs({})).toBeUndefined();
  });
});
