import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readToMs } from '../../../src/model/time/period.ts';
import { fromTheBeginning, type Span } from '../../../src/model/stream.ts';
import { listWalks } from '../../../src/plan/spans/list-walks.ts';
import { joinSpans } from '../../../src/plan/spans/spans.ts';
import { readTo } from '../../support/plans/sample-stream.ts';

const span = (sinceMs: number | null, tsMs: number, deliveredIds: readonly string[] = []): Span => ({
  sinceMs,
  cursor: readTo(tsMs, deliveredIds),
});

/** The walks that a period takes, as `since..watermark..until`, `~` before a place that is to be looked for. */
function walksOf(spans: readonly Span[], sinceMs: number | null, untilMs: number | null): readonly string[] {
  return listWalks(spans, { sinceMs, untilMs }).map(
    (walk) =>
      `${walk.isSought ? '~' : ''}${walk.sinceMs ?? ''}..${walk.cursor.watermark?.tsMs ?? ''}..${walk.untilMs ?? ''}`,
  );
}

describe('the walks that read what a period holds and no earlier run has taken', () => {
  it.each<[string, readonly Span[], number | null, number | null, readonly string[]]>([
    ['a list that no run has read', [], null, null, ['....']],
    ['the same from a time on', [], 100, null, ['~100..99..']],
    ['the same up to a time', [], null, 200, ['....200']],
    ['a list that is read on', [span(null, 150)], null, null, ['..150..']],
    [
      'a list that was read from the beginning, of which only the end is asked for',
      [span(null, 150)],
      100,
      null,
      ['..150..'],
    ],
    ['since moved to earlier', [span(100, 150)], 50, null, ['~50..49..100', '100..150..']],
    ['since moved away', [span(100, 150)], null, null, ['....100', '100..150..']],
    ['until moved to later', [span(100, 199)], 100, 300, ['100..199..300']],
    ['until moved to earlier: nothing is left to do', [span(100, 199)], 100, 150, ['100..199..150']],
    ['a period that is over', [span(100, 199)], 100, 200, ['100..199..200']],
    ['since moved beyond what was read', [span(100, 150)], 300, null, ['~300..299..']],
    ['since moved right behind what was read', [span(100, 150)], 151, null, ['100..150..']],
    ['both ends of a part', [span(100, 150)], 50, 200, ['~50..49..100', '100..150..200']],
    ['a part that lies beyond the period', [span(100, 150)], 20, 50, ['~20..19..50']],
    ['what lies between two parts', [span(100, 150), span(200, 250)], 120, null, ['100..150..200', '200..250..']],
    ['a period within what lies between', [span(100, 150), span(200, 250)], 160, 180, ['~160..159..180']],
    ['a list that was reset', [{ sinceMs: null, cursor: fromTheBeginning }], 100, null, ['~100..99..']],
  ])('of %s', (_, spans, sinceMs, untilMs, walks) => expect(walksOf(spans, sinceMs, untilMs)).toEqual(walks));

  it('name in each what any part has taken behind its watermark', () => {
    const spans = [span(100, 150, ['a']), span(200, 250, ['b'])];
    for (const { cursor } of listWalks(spans, { sinceMs: 50, untilMs: null }))
      expect(cursor.deliveredIds).toEqual(['a', 'b']);
  });

  it('cover the period, once, and leave no parts but those that something lies between', () => {
    const border = fc.option(fc.integer({ min: 0, max: 60 }));
    const periods = fc.array(fc.tuple(border, border), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(periods, (moved) => {
        let spans: readonly Span[] = [];
        const taken = new Map<number, number>();
        const nowMs = 50;
        for (const [from, length] of moved) {
          const period = { sinceMs: from, untilMs: length === null ? null : (from ?? 0) + length + 1 };
          const walks = listWalks(spans, period);
          const read = walks.map(({ sinceMs, cursor, untilMs }) => {
            const toMs = Math.max(readToMs(cursor), Math.min(nowMs, (untilMs ?? nowMs + 1) - 1));
            for (let ms = Math.max(0, readToMs(cursor) + 1); ms <= toMs; ms += 1)
              taken.set(ms, (taken.get(ms) ?? 0) + 1);
            return { sinceMs, cursor: readTo(toMs) };
          });
          spans = joinSpans([...spans.filter((one) => read.every(({ sinceMs }) => sinceMs !== one.sinceMs)), ...read]);
          const missed: number[] = [];
          for (let ms = 0; ms <= nowMs; ms += 1) {
            const isDue = ms >= (period.sinceMs ?? 0) && ms < (period.untilMs ?? Number.POSITIVE_INFINITY);
            if (isDue && taken.get(ms) !== 1) missed.push(ms);
          }
          expect(missed).toEqual([]);
          for (const [at, one] of spans.entries()) {
            const next = spans[at + 1];
            if (next !== undefined) expect(readToMs(one.cursor) + 1).toBeLessThan(next.sinceMs ?? 0);
          }
        }
        expect([...taken.values()].every((times) => times === 1)).toBe(true);
      }),
    );
  });
});
