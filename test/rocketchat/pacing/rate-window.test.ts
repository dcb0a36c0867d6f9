import { describe, expect, it } from '@jest/globals';
import {
  afterAnswer,
  afterSending,
  newWindow,
  nextStep,
  windowAt,
  type Observation,
  type RateWindow,
} from '../../../src/rocketchat/pacing/rate-window.ts';
import { unknownSkew } from '../../../src/rocketchat/pacing/server-clock.ts';

const nowMs = 1_760_000_000_000;
const resetAtMs = nowMs + 30_000;

function answer(remaining: number, resetMs = resetAtMs): Observation {
  return { kind: 'answer', headers: { remaining, resetAtMs: resetMs }, receivedAtMs: nowMs };
}

function known(remaining: number, atMs = resetAtMs): RateWindow {
  return { kind: 'known', remaining, deadline: { clock: 'server', atMs }, cautious: false, spent: 'no' };
}

const probing = afterSending(newWindow);

describe('a rate window', () => {
  it('begins with one probe that the others wait for', () => {
    expect(nextStep(newWindow, 0, unknownSkew, false)).toEqual({ kind: 'send' });
    expect(nextStep(probing, 1, unknownSkew, false)).toEqual({ kind: 'await-answer' });
    expect(afterAnswer(probing, answer(9), true, unknownSkew)).toEqual(known(9));
  });

  it('leaves requests in flight out of what remains, and sleeps only when nothing remains', () => {
    expect(nextStep(known(3), 2, unknownSkew, false)).toEqual({ kind: 'send' });
    expect(nextStep(known(3), 3, unknownSkew, false)).toEqual({ kind: 'await-answer' });
    expect(nextStep(known(0), 3, unknownSkew, false)).toEqual({ kind: 'wait', untilMs: resetAtMs + 20 });
  });

  it('keeps the least that answers out of order told', () => {
    expect(afterAnswer(known(4), answer(6), false, unknownSkew)).toEqual(known(4));
    expect(afterAnswer(known(4), answer(2), false, unknownSkew)).toEqual(known(2));
  });

  it('keeps the later of two resets that differ by the time the server took', () => {
    expect(afterAnswer(known(4), answer(3, resetAtMs + 7), false, unknownSkew)).toEqual(known(3, resetAtMs + 7));
    expect(afterAnswer(known(4), answer(3, resetAtMs - 7), false, unknownSkew)).toEqual(known(3));
  });

  it('gives way to the next window, and not to the last one', () => {
    expect(afterAnswer(known(0), answer(9, resetAtMs + 60_000), false, unknownSkew)).toEqual(
      known(9, resetAtMs + 60_000),
    );
    expect(afterAnswer(known(8), answer(1, resetAtMs - 20_000), false, unknownSkew)).toEqual(known(8));
  });

  it('counts a request without an answer: the server may have', () => {
    expect(afterAnswer(known(4), { kind: 'failure' }, false, unknownSkew)).toEqual(known(3));
    expect(afterAnswer(known(0), { kind: 'failure' }, false, unknownSkew)).toEqual(known(0));
    expect(afterAnswer(probing, { kind: 'failure' }, true, unknownSkew)).toEqual(newWindow);
    expect(afterAnswer(probing, { kind: 'failure' }, false, unknownSkew)).toEqual(probing);
  });

  it('does not mistake a late answer about a window that is over for that of its probe', () => {
    expect(afterAnswer(probing, answer(0, nowMs - 1_000), false, unknownSkew)).toEqual(probing);
    expect(afterAnswer(probing, answer(0, nowMs - 1_000), true, unknownSkew)).toEqual(newWindow);
  });

  it('is over when its reset has passed, not before', () => {
    expect(windowAt(known(0), resetAtMs + 19, unknownSkew)).toEqual(known(0));
    expect(windowAt(known(0), resetAtMs + 20, unknownSkew)).toEqual(newWindow);
  });

  it('without a usable reset lasts a minute from its first answer', () => {
    const told: Observation = { kind: 'answer', headers: { remaining: 1, resetAtMs: undefined }, receivedAtMs: nowMs };
    const first = afterAnswer(probing, told, true, unknownSkew);
    const second = afterAnswer(first, { ...told, receivedAtMs: nowMs + 5_000 }, false, unknownSkew);
    expect(windowAt(second, nowMs + 60_019, unknownSkew)).toBe(second);
    expect(windowAt(second, nowMs + 60_020, unknownSkew)).toEqual(newWindow);
  });

  describe('that an answer told to be spent', () => {
    const spent = afterAnswer(known(1), answer(0), false, unknownSkew);
    const tried = afterSending(spent);

    it('is tried once, when nothing is in flight, for a login may bypass the limiter that counts its calls', () => {
      expect(nextStep(spent, 2, unknownSkew, false)).toEqual({ kind: 'await-answer' });
      expect(nextStep(spent, 0, unknownSkew, false)).toEqual({ kind: 'send' });
      expect(nextStep(tried, 1, unknownSkew, false)).toEqual({ kind: 'await-answer' });
      expect(nextStep(tried, 0, unknownSkew, false)).toEqual({ kind: 'wait', untilMs: resetAtMs + 20 });
    });

    it('is slept out at once when a 429 has shown that the limiter stops this login', () => {
      expect(nextStep(spent, 2, unknownSkew, true)).toEqual({ kind: 'wait', untilMs: resetAtMs + 20 });
    });

    it('is bypassed when one more call is let through with nothing left, until a 429 says otherwise', () => {
      const bypassed = afterAnswer(tried, answer(0, resetAtMs + 3), false, unknownSkew);
      expect(bypassed).toEqual({ kind: 'bypassed' });
      expect(nextStep(bypassed, 7, unknownSkew, false)).toEqual({ kind: 'send' });
      expect(afterAnswer(bypassed, answer(0), false, unknownSkew)).toBe(bypassed);
      const rejected: Observation = {
        kind: 'rejected',
        headers: undefined,
        retryAfterMs: 9_000,
        leastWaitMs: 1_000,
        receivedAtMs: nowMs,
      };
      expect(nextStep(afterAnswer(bypassed, rejected, false, unknownSkew), 0, unknownSkew, true)).toEqual({
        kind: 'wait',
        untilMs: nowMs + 9_020,
      });
    });

    it('has not been bypassed by the only call of the next window', () => {
      expect(afterAnswer(tried, answer(0, resetAtMs + 60_000), false, unknownSkew)).toMatchObject({
        kind: 'known',
        spent: 'told',
      });
    });

    it('is not tried when nobody told it: a request without an answer may have been the last call', () => {
      const guessed = afterAnswer(known(1), { kind: 'failure' }, false, unknownSkew);
      expect(nextStep(guessed, 0, unknownSkew, false)).toEqual({ kind: 'wait', untilMs: resetAtMs + 20 });
    });
  });

  it('closed by several 429s opens at the latest time they told', () => {
    const rejected = (seconds: number): Observation => ({
      kind: 'rejected',
      headers: undefined,
      retryAfterMs: seconds * 1_000,
      leastWaitMs: 1_000,
      receivedAtMs: nowMs,
    });
    const closed = [20, 30, 10].reduce<RateWindow>(
      (window, seconds) => afterAnswer(window, rejected(seconds), false, unknownSkew),
      probing,
    );
    expect(nextStep(closed, 0, unknownSkew, false)).toEqual({ kind: 'wait', untilMs: nowMs + 30_020 });
  });
});
