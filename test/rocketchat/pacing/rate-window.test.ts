import { describe, expect, it } from '@jest/globals';
import {
  afterAnswer,
  afterSending,
  expireWindow,
  newWindow,
  nextStep,
  rejectionBackoffMs,
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
    expect(afterAnswer(probing, answer(0, nowMs - 20), true, unknownSkew)).toEqual(newWindow);
  });

  it('is over when its reset has passed, not before', () => {
    expect(windowAt(known(0), resetAtMs + 19, unknownSkew)).toEqual(known(0));
    expect(windowAt(known(0), resetAtMs + 20, unknownSkew)).toEqual(newWindow);
  });

  it('without a usable reset lasts a minute from its first answer', () => {
    const told: Observation = { kind: 'answer', headers: { remaining: 1, resetAtMs: undefined }, receivedAtMs: nowMs };
    const first = afterAnswer(probing, told, true, unknownSkew);
    const second = afterAnswer(first, { ...told, receivedAtMs: nowMs + 5_000 }, false, unknownSkew);
    expect(first).toMatchObject({ kind: 'known', remaining: 1, spent: 'no' });
    expect(windowAt(second, nowMs + 60_019, unknownSkew)).toBe(second);
    expect(windowAt(second, nowMs + 60_020, unknownSkew)).toEqual(newWindow);
  });

  it('without a usable reset keeps the least that its answers told, and whether it was spent', () => {
    const told = (remaining: number, window: RateWindow): RateWindow => {
      const headers = { remaining, resetAtMs: undefined };
      return afterAnswer(window, { kind: 'answer', headers, receivedAtMs: nowMs }, true, unknownSkew);
    };
    const three = told(3, probing);
    expect(told(5, three)).toMatchObject({ remaining: 3, spent: 'no' });
    expect(told(0, three)).toMatchObject({ remaining: 0, spent: 'reported' });
    expect(told(2, afterSending(told(0, three)))).toMatchObject({ remaining: 0, spent: 'tried' });
  });

  it('that was only guessed gives way to one whose reset is told', () => {
    const told: Observation = { kind: 'answer', headers: { remaining: 1, resetAtMs: undefined }, receivedAtMs: nowMs };
    expect(afterAnswer(afterAnswer(probing, told, true, unknownSkew), answer(9), false, unknownSkew)).toEqual(known(9));
  });

  it('with calls left is not spent by sending: its last call bypasses nothing', () => {
    const last = afterAnswer(afterSending(known(1)), answer(0), false, unknownSkew);
    expect(last).toMatchObject({ kind: 'known', remaining: 0, spent: 'reported' });
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

    it('has not been bypassed by a call that was counted before: its answer is late', () => {
      expect(afterAnswer(tried, answer(2), false, unknownSkew)).toEqual(tried);
    });

    it('has not been bypassed by the only call of the next window', () => {
      expect(afterAnswer(tried, answer(0, resetAtMs + 60_000), false, unknownSkew)).toMatchObject({
        kind: 'known',
        spent: 'reported',
      });
    });

    it('is not tried when nobody told it: a request without an answer may have been the last call', () => {
      const guessed = afterAnswer(known(1), { kind: 'failure' }, false, unknownSkew);
      expect(nextStep(guessed, 0, unknownSkew, false)).toEqual({ kind: 'wait', untilMs: resetAtMs + 20 });
    });
  });

  describe('closed by a 429', () => {
    const said = (fields: Partial<Extract<Observation, { kind: 'rejected' }>>): Observation => ({
      ...{ kind: 'rejected', headers: undefined, retryAfterMs: undefined, leastWaitMs: 1_000, receivedAtMs: nowMs },
      ...fields,
    });
    const opensAt = (observation: Observation, before: RateWindow = probing) => {
      const step = nextStep(afterAnswer(before, observation, false, unknownSkew), 0, unknownSkew, true);
      return step.kind === 'wait' ? step.untilMs - nowMs : step.kind;
    };

    it('opens at the reset of its header, whatever the text says', () => {
      const headers = { remaining: 0, resetAtMs };
      expect(opensAt(said({ headers, retryAfterMs: 5_000 }))).toBe(30_020);
      expect(opensAt(said({ headers, retryAfterMs: 50_000 }))).toBe(30_020);
      expect(opensAt(said({ headers }))).toBe(30_020);
    });

    it('opens after the seconds of its text where the reset has passed, or is none', () => {
      expect(opensAt(said({ headers: { remaining: 0, resetAtMs: nowMs - 20 }, retryAfterMs: 5_000 }))).toBe(5_020);
      expect(opensAt(said({ headers: { remaining: 0, resetAtMs: undefined }, retryAfterMs: 5_000 }))).toBe(5_020);
      expect(opensAt(said({ retryAfterMs: 5_000 }))).toBe(5_020);
    });

    it('opens after a minute where nothing says when', () => expect(opensAt(said({}))).toBe(60_020));

    it('opens no sooner than it may, whatever the server says', () => {
      expect(opensAt(said({ retryAfterMs: 0, leastWaitMs: 8_000 }))).toBe(8_020);
      expect(opensAt(said({ retryAfterMs: 9_000, leastWaitMs: 8_000 }))).toBe(9_020);
    });

    it('opens at its reset by the server’s clock, after its seconds by ours', () => {
      const ahead = { lowMs: 5_000, highMs: 5_500 };
      const untilMs = (observation: Observation) =>
        nextStep(afterAnswer(probing, observation, false, ahead), 0, ahead, true);
      expect(untilMs(said({ headers: { remaining: 0, resetAtMs } }))).toEqual({
        kind: 'wait',
        untilMs: nowMs + 25_020,
      });
      expect(untilMs(said({ retryAfterMs: 9_000 }))).toEqual({ kind: 'wait', untilMs: nowMs + 9_020 });
    });

    it.each([
      ['without a reset, after its seconds', said({ retryAfterMs: 9_000 }), undefined],
      ['without a reset, as soon as it may', said({ retryAfterMs: 0 }), undefined],
      ['at its reset', said({ headers: { remaining: 0, resetAtMs } }), resetAtMs],
    ])('stays closed when an answer comes late that was let through before: %s', (_, rejection, resetMs) => {
      const closed = afterAnswer(probing, rejection, false, unknownSkew);
      for (const remaining of [0, 3]) {
        const late: Observation = { kind: 'answer', headers: { remaining, resetAtMs: resetMs }, receivedAtMs: nowMs };
        const after = afterAnswer(closed, late, false, unknownSkew);
        expect(nextStep(after, 0, unknownSkew, true)).toEqual(nextStep(closed, 0, unknownSkew, true));
      }
    });

    it('opens no sooner than another 429 has said, and forgets what answers said', () => {
      const closed = afterAnswer(probing, said({ retryAfterMs: 40_000 }), false, unknownSkew);
      expect(opensAt(said({ headers: { remaining: 0, resetAtMs } }), closed)).toBe(40_020);
      expect(opensAt(said({ headers: { remaining: 0, resetAtMs } }), known(3, nowMs + 50_000))).toBe(30_020);
    });

    it('has every later request probe where it came without headers: nothing else would show when to stop', () => {
      const cautious = afterAnswer(probing, said({ retryAfterMs: 5_000 }), false, unknownSkew);
      const over = windowAt(cautious, nowMs + 5_020, unknownSkew);
      expect(over).toEqual({ kind: 'unknown', probing: false, cautious: true });
      const bare: Observation = { kind: 'answer', headers: undefined, receivedAtMs: nowMs };
      expect(afterAnswer(afterSending(over), bare, true, unknownSkew)).toEqual(over);
      const open = afterAnswer(probing, said({ headers: { remaining: 0, resetAtMs } }), false, unknownSkew);
      expect(windowAt(open, nowMs + 30_020, unknownSkew)).toEqual(newWindow);
    });
  });

  it('is none after a probe without headers, until a 429 says otherwise', () => {
    const bare: Observation = { kind: 'answer', headers: undefined, receivedAtMs: nowMs };
    const unlimited = afterAnswer(probing, bare, true, unknownSkew);
    expect(unlimited).toEqual({ kind: 'unlimited' });
    expect(nextStep(unlimited, 99, unknownSkew, true)).toEqual({ kind: 'send' });
    expect(afterSending(unlimited)).toBe(unlimited);
    expect(afterAnswer(probing, bare, false, unknownSkew)).toBe(probing);
    expect(afterAnswer(known(3), bare, true, unknownSkew)).toEqual(known(3));
    expect(afterAnswer(unlimited, { kind: 'failure' }, true, unknownSkew)).toBe(unlimited);
    expect(expireWindow(unlimited)).toBe(unlimited);
    expect(windowAt(unlimited, nowMs + 60_000, unknownSkew)).toBe(unlimited);
    expect(afterAnswer(unlimited, answer(5), false, unknownSkew)).toEqual(known(5));
  });

  it('ends at its reset by our clock where the two are known to differ', () => {
    const ahead = { lowMs: 5_000, highMs: 5_500 };
    expect(nextStep(known(0), 0, ahead, true)).toEqual({ kind: 'wait', untilMs: resetAtMs - 5_000 + 20 });
  });

  it('keeps apart resets that differ by more than the time the server takes', () => {
    const later = (ms: number) => afterAnswer(known(4), answer(9, resetAtMs + ms), false, unknownSkew);
    expect(later(500)).toEqual(known(4, resetAtMs + 500));
    expect(later(501)).toEqual(known(9, resetAtMs + 501));
    expect(later(-500)).toEqual(known(4));
    expect(later(-501)).toEqual(known(4));
    expect(afterAnswer(known(4), answer(2, resetAtMs - 500), false, unknownSkew)).toEqual(known(2));
    expect(afterAnswer(known(4), answer(2, resetAtMs - 501), false, unknownSkew)).toEqual(known(4));
  });

  it('pauses twice as long after each rejection in a row, up to a minute', () =>
    expect([1, 2, 3, 6, 7, 99].map(rejectionBackoffMs)).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]));

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
