import { describe, expect, it } from '@jest/globals';
import type { ListRow } from '../../../src/model/list/list-order.ts';
import { fromTheBeginning, type Span } from '../../../src/model/stream.ts';
import { deliveredIn, heldBy, holdsOutside, joinSpans, spansOf, takenBy } from '../../../src/plan/spans/spans.ts';
import { listState } from '../../support/plans/sample-state.ts';
import { readTo } from '../../support/plans/sample-stream.ts';

const span = (sinceMs: number | null, toMs: number, delivered: readonly string[] = []): Span => ({
  sinceMs,
  cursor: readTo(toMs, delivered),
});
const row = (tsMs: number, id = 'm'): ListRow => ({ id, tsMs });
const undated: ListRow = { id: 'u', tsMs: 0, undated: { type: 'null', value: null } };

describe('what runs have taken of a list', () => {
  it('is what the state keeps, the latest span last; of a list that is unknown nothing', () => {
    expect(spansOf(undefined)).toEqual([]);
    const earlier = [span(10, 20)];
    expect(spansOf({ cursor: readTo(90), sinceMs: 50, earlier })).toEqual([...earlier, span(50, 90)]);
    expect(spansOf(listState({ cursor: readTo(90) }))).toEqual([span(null, 90)]);
  });

  it('is every message of a span, its ends included, and each that was delivered though it lies behind one', () => {
    const isTaken = takenBy([span(10, 20, ['late']), span(50, 60)]);
    expect([9, 10, 20, 21, 49, 50, 60, 61].filter((tsMs) => isTaken(row(tsMs)))).toEqual([10, 20, 50, 60]);
    expect(isTaken(row(99, 'late'))).toBe(true);
    expect(isTaken(undated)).toBe(false);
    expect(takenBy([span(null, 20)])(undated)).toBe(true);
    expect(takenBy([{ sinceMs: null, cursor: fromTheBeginning }])(row(0))).toBe(false);
  });

  it('names each delivered message once', () =>
    expect(deliveredIn([span(null, 20, ['a', 'b']), span(50, 60, ['b', 'c'])])).toEqual(['a', 'b', 'c']));
});

describe('what a list has, or is to have', () => {
  it('is what was taken, and what the period of the job holds', () => {
    const isHeld = heldBy({ spans: [span(10, 20)], period: { sinceMs: 50, untilMs: 60 } });
    expect([9, 10, 20, 21, 49, 50, 59, 60].filter((tsMs) => isHeld(row(tsMs)))).toEqual([10, 20, 50, 59]);
  });

  it.each<readonly [string, readonly Span[], number | null, number | null, boolean]>([
    ['nothing was taken', [], 50, 60, false],
    ['all was asked for', [span(null, 90)], null, null, false],
    ['it was taken from the beginning of the period on', [span(50, 59)], 50, 60, false],
    ['it was taken since before the period', [span(49, 59)], 50, 60, true],
    ['it was taken from the beginning of the list on', [span(null, 59)], 50, 60, true],
    ['it was taken up to behind the period', [span(50, 60)], 50, 60, true],
    ['the walk from before the period got nowhere', [span(10, 9)], 50, 60, false],
    ['a walk from the beginning got nowhere', [{ sinceMs: null, cursor: fromTheBeginning }], 50, 60, false],
    ['one span of two is outside', [span(10, 20), span(50, 59)], 50, 60, true],
    ['only an end is set', [span(null, 59)], null, 60, false],
  ])('may lie outside the period or not: %s', (_, spans, sinceMs, untilMs, isOutside) =>
    expect(holdsOutside({ spans, period: { sinceMs, untilMs } })).toBe(isOutside),
  );
});

describe('spans that are kept', () => {
  it('are put in order, and become one where nothing lies between them', () => {
    expect(joinSpans([span(50, 90), span(10, 49)])).toEqual([span(10, 90)]);
    expect(joinSpans([span(50, 90), span(10, 48)])).toEqual([span(10, 48), span(50, 90)]);
    expect(joinSpans([span(20, 30), span(null, 10)])).toEqual([span(null, 10), span(20, 30)]);
    expect(joinSpans([span(10, 90), span(20, 30), span(91, 95)])).toEqual([span(10, 95)]);
  });

  it('go as far as the further of two, and name what either delivered', () => {
    expect(joinSpans([span(10, 90, ['a', 'b']), span(20, 30, ['b', 'c'])])).toEqual([span(10, 90, ['a', 'b', 'c'])]);
    expect(joinSpans([span(10, 30, ['a']), span(20, 90, ['b'])])).toEqual([span(10, 90, ['b', 'a'])]);
  });

  it('hold something: walks that got nowhere are left out, but for what they delivered', () => {
    const nowhere = { sinceMs: null, cursor: fromTheBeginning };
    expect(joinSpans([nowhere, span(50, 49), span(60, 59, ['late']), span(70, 70)])).toEqual([
      span(60, 59, ['late']),
      span(70, 70),
    ]);
    expect(joinSpans([])).toEqual([]);
  });
});
