import { describe, expect, it } from '@jest/globals';
import { binDays, binLike, binText, dayText } from '../../../src/report/charts/bins.ts';

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;
const counts = (...days: readonly (readonly [text: string, count: number])[]): Map<number, number> =>
  new Map(days.map(([text, count]) => [day(text), count]));

describe('days in bins', () => {
  it.each([
    ['2026-03-01', '2026-03-02', 'day', 2, '2026-03-01'],
    ['2026-01-01', '2026-06-30', 'week', 27, '2025-12-29'],
    ['2019-02-10', '2026-03-02', 'month', 86, '2019-02'],
    ['2005-05-05', '2026-03-02', 'quarter', 84, '2005 Q2'],
    ['1960-05-05', '2026-03-02', 'year', 67, '1960'],
  ])('from %s to %s are as many as a picture has room for: a %s each', (first, last, unit, length, name) => {
    const { bins, ...binned } = binDays(counts([last, 3], [first, 2]));
    expect(binned).toEqual({ unit, outside: 0 });
    expect(bins).toHaveLength(length);
    expect([bins[0]?.value, bins.at(-1)?.value]).toEqual([2, 3]);
    const [head] = bins;
    expect(head && binText(binned.unit, head)).toBe(name);
    for (const [at, { start, end }] of bins.entries()) {
      expect(end).toBe(bins[at + 1]?.start ?? end);
      expect(end).toBeGreaterThan(start);
    }
  });

  it('leave out the one of a thousand messages that is dated 1970, and say so', () => {
    const { unit, bins, outside } = binDays(counts(['1970-01-01', 1], ['2026-03-01', 1000], ['2026-03-05', 1000]));
    expect({ unit, length: bins.length, outside }).toEqual({ unit: 'day', length: 5, outside: 1 });
    expect(binDays(counts(['2026-02-20', 1], ['2026-03-01', 2000], ['2026-03-18', 1])).outside).toBe(2);
    expect(binDays(counts(['2026-02-27', 1], ['2026-03-01', 1000], ['2026-03-05', 1000])).outside).toBe(0);
  });

  it('end at the last dates that there are, and begin a lifetime before', () => {
    const { bins, outside } = binDays(new Map([[-100_000_000, 1], [0, 1], [100_000_000, 1]])); // prettier-ignore
    expect(bins.length).toBeLessThan(122);
    expect(outside).toBe(2);
    expect(dayText(-100_000_003)).toBe('-271821-04-20');
    expect(binDays(new Map())).toEqual({ unit: 'day', bins: [], outside: 0 });
  });

  it('take counts of other days, each into the bin that holds it', () => {
    const { bins } = binDays(counts(['2026-01-01', 1], ['2026-06-30', 1]));
    const like = binLike(bins, counts(['2025-12-28', 9], ['2025-12-29', 1], ['2026-01-04', 2], ['2026-07-05', 4], ['2026-07-06', 9])); // prettier-ignore
    expect([like[0]?.value, like.at(-1)?.value]).toEqual([3, 4]);
    expect(like.reduce((sum, { value }) => sum + value, 0)).toBe(7);
  });
});
