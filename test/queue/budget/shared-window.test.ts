import { describe, expect, it } from '@jest/globals';
import {
  afterSharedAnswer,
  afterSharedSending,
  movedBy,
  nextSharedStep,
  parseSharedWindow,
  sharedWindowAt,
  type SharedWindow,
} from '../../../src/queue/budget/shared-window.ts';

const skew = { lowMs: 0, highMs: 0 };
const startMs = 1_760_000_000_000;
const unknown = parseSharedWindow(undefined);
/** So many calls left, until ten seconds from the start by a local clock. */
const known = (remaining: number, fields: Partial<SharedWindow> = {}): SharedWindow => ({
  ...unknown,
  window: {
    ...{ kind: 'known', remaining, cautious: false, spent: 'no' },
    deadline: { clock: 'local', atMs: startMs + 10_000 },
  },
  ...fields,
});

describe('the text of a shared window', () => {
  it('is read as it was written, and whatever else is there says nothing', () => {
    const sent = afterSharedSending(known(5, { number: 3 }), 'a-1', startMs);
    expect(parseSharedWindow(JSON.stringify(sent))).toEqual(sent);
    const limited = { kind: 'known', remaining: 3, cautious: true } as const;
    for (const window of [
      { kind: 'unlimited' },
      { kind: 'bypassed' },
      { kind: 'unknown', probing: true, cautious: true },
      { ...limited, spent: 'reported', deadline: { clock: 'server', atMs: startMs } },
      { ...limited, spent: 'tried', deadline: { clock: 'local', atMs: startMs } },
    ] as const) {
      const written: SharedWindow = { ...unknown, window };
      expect(parseSharedWindow(JSON.stringify(written))).toEqual(written);
    }
    for (const text of ['', '{', '{}', 'null', JSON.stringify({ ...sent, window: { kind: 'of a later version' } })])
      expect(parseSharedWindow(text)).toEqual(unknown);
  });
});

describe('requests in flight', () => {
  it('count against what is left, until their answers come', () => {
    const sent = afterSharedSending(known(1), 'a-1', startMs);
    expect(sent.inFlight).toEqual({ 'a-1': 0 });
    expect(nextSharedStep(known(1), skew)).toEqual({ kind: 'send' });
    expect(nextSharedStep(sent, skew)).toEqual({ kind: 'await-answer' });
    const answered = afterSharedAnswer(sent, 'a-1', { kind: 'failure' }, false, skew);
    expect(answered.window).toMatchObject({ kind: 'known', remaining: 0 });
    expect(answered.inFlight).toEqual({});
    expect(afterSharedAnswer(sent, 'b-1', { kind: 'failure' }, false, skew).inFlight).toEqual({ 'a-1': 0 });
  });

  it('count in the window behind theirs, too, and die with that', () => {
    const sent = afterSharedSending(known(5, { number: 3, inFlight: { 'old-1': 2 } }), 'a-1', startMs);
    const next = sharedWindowAt(sent, { nowMs: startMs + 11_000, skew });
    expect(next).toMatchObject({ window: { kind: 'unknown' }, number: 4, inFlight: { 'a-1': 3 } });
    expect(next.inFlight).not.toHaveProperty('old-1');
    const again = sharedWindowAt({ ...next, window: known(5).window }, { nowMs: startMs + 11_000, skew });
    expect([again.number, again.inFlight]).toEqual([5, {}]);
  });

  it('are not kept where no window ends: what died in flight would stay', () => {
    for (const kind of ['unlimited', 'bypassed'] as const) {
      const endless: SharedWindow = { ...unknown, window: { kind } };
      expect(afterSharedSending(endless, 'a-1', startMs)).toBe(endless);
    }
  });
});

describe('a window that nobody knows', () => {
  it('is shown by the answer to one request, for which the others wait', () => {
    const probing = afterSharedSending(unknown, 'a-1', startMs);
    expect(probing.probedAtMs).toBe(startMs);
    expect(nextSharedStep(probing, skew)).toEqual({ kind: 'await-answer' });
    expect(sharedWindowAt(probing, { nowMs: startMs + 15_000, skew })).toBe(probing);
  });

  it('is asked for once more when that answer is lost', () => {
    const probing = afterSharedSending(unknown, 'a-1', startMs);
    const lost = sharedWindowAt(probing, { nowMs: startMs + 15_001, skew });
    expect(nextSharedStep(lost, skew)).toEqual({ kind: 'send' });
    expect(lost.inFlight).toEqual({ 'a-1': 0 });
  });

  it('is no matter of time where it is known, or where nobody has asked', () => {
    for (const shared of [known(5), unknown]) expect(sharedWindowAt(shared, { nowMs: startMs, skew })).toBe(shared);
  });

  it('is shown by no request into one that is known', () => {
    expect(afterSharedSending(known(5, { probedAtMs: 7 }), 'a-1', startMs).probedAtMs).toBe(7);
  });
});

it('whose limit is spent is tried by nobody: of several who share it, each would', () => {
  const spent = known(0);
  if (spent.window.kind !== 'known') throw new Error('It is known');
  for (const how of ['no', 'reported', 'tried'] as const)
    expect(nextSharedStep({ ...spent, window: { ...spent.window, spent: how } }, skew)).toMatchObject({
      kind: 'wait',
    });
});

it('is moved to another clock with what it knows by a local one', () => {
  const moved = movedBy(known(5, { probedAtMs: startMs }), 7_000);
  expect(moved).toMatchObject({ probedAtMs: startMs + 7_000, window: { deadline: { atMs: startMs + 17_000 } } });
  expect(movedBy(moved, -7_000)).toEqual(known(5, { probedAtMs: startMs }));
  expect(movedBy(unknown, 7_000)).toEqual({ ...unknown, probedAtMs: 7_000 });
  const byServer = known(5);
  if (byServer.window.kind !== 'known') throw new Error('It is known');
  const deadline = { clock: 'server', atMs: startMs } as const;
  const ofServer: SharedWindow = { ...byServer, window: { ...byServer.window, deadline } };
  expect(movedBy(ofServer, 7_000)).toEqual({ ...ofServer, probedAtMs: 7_000 });
});
