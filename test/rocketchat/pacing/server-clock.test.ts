import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  tightenSkew,
  toLocalMs,
  unknownSkew,
  type ClockEvidence,
} from '../../../src/rocketchat/pacing/server-clock.ts';

const startMs = 1_760_000_000_000;

/** What a server whose clock is `skewMs` ahead tells, `atMs` of ours. */
function evidence(skewMs: number, atMs: number, upMs: number, downMs: number, windowLeftMs?: number): ClockEvidence {
  const serverMs = atMs + upMs + skewMs;
  return {
    sentAtMs: atMs,
    receivedAtMs: atMs + upMs + downMs,
    dateMs: Math.floor(serverMs / 1000) * 1000,
    resetAtMs: windowLeftMs === undefined ? undefined : serverMs + windowLeftMs,
  };
}

const answers = fc.array(
  fc.tuple(fc.nat(100_000), fc.nat(2_000), fc.nat(2_000), fc.option(fc.nat(60_000), { nil: undefined })),
  { minLength: 1, maxLength: 30 },
);

describe('tightenSkew', () => {
  it('always holds the true skew between its bounds, which only get tighter', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), answers, (skewMs, list) => {
        let bounds = unknownSkew;
        for (const [afterMs, upMs, downMs, leftMs] of list) {
          const next = tightenSkew(bounds, evidence(skewMs, startMs + afterMs, upMs, downMs, leftMs));
          expect(next.lowMs).toBeGreaterThanOrEqual(bounds.lowMs);
          expect(next.highMs).toBeLessThanOrEqual(bounds.highMs);
          expect(skewMs).toBeGreaterThanOrEqual(next.lowMs);
          expect(skewMs).toBeLessThanOrEqual(next.highMs);
          bounds = next;
        }
      }),
    );
  });

  it('believes the newest answer when a clock was set', () => {
    const before = tightenSkew(unknownSkew, evidence(0, startMs, 10, 10));
    const after = tightenSkew(before, evidence(7_200_000, startMs + 1_000, 10, 10));
    expect(after.lowMs).toBeGreaterThan(7_198_000);
    expect(after.highMs).toBeLessThan(7_202_000);
  });

  it('believes the reset when a proxy wrote the date by a clock of its own', () => {
    const bounds = tightenSkew(unknownSkew, { ...evidence(0, startMs, 10, 10, 30_000), dateMs: startMs + 3_600_000 });
    expect(bounds).toEqual({ lowMs: -Infinity, highMs: 30_010 });
    expect(toLocalMs(startMs, bounds)).toBe(startMs);
  });
});

describe('toLocalMs', () => {
  it('is never early when the clocks are known to differ, and at most the width of the bounds late', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), answers, (skewMs, list) => {
        const bounds = list.reduce(
          (known, [afterMs, upMs, downMs, leftMs]) =>
            tightenSkew(known, evidence(skewMs, startMs + afterMs, upMs, downMs, leftMs)),
          unknownSkew,
        );
        fc.pre(bounds.lowMs > 0 || bounds.highMs < 0);
        const serverAtMs = toLocalMs(startMs, bounds) + skewMs;
        expect(serverAtMs).toBeGreaterThanOrEqual(startMs);
        expect(serverAtMs - startMs).toBeLessThanOrEqual(bounds.highMs - bounds.lowMs);
      }),
    );
  });

  it('takes clocks that may agree to agree', () => {
    expect(toLocalMs(startMs, tightenSkew(unknownSkew, evidence(300, startMs, 10, 10)))).toBe(startMs);
  });
});
