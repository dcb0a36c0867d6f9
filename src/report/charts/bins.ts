import { dayMs } from '../../model/time/durations.ts';
import type { Day } from '../figures/message-tally.ts';

export type BinUnit = 'day' | 'week' | 'month' | 'quarter' | 'year';

export interface Bin {
  readonly start: Day;
  /** Where the next one begins. */
  readonly end: Day;
  readonly value: number;
}

/** Counts by day, added up to as many bins as a picture has room for. */
export interface Binned {
  readonly unit: BinUnit;
  readonly bins: readonly Bin[];
  /** Of days that are far before or behind the others, and are not among the bins. */
  readonly outside: number;
}

const mostBins = 120;
/** There are no dates beyond. */
const lastDay = 100_000_000;
const units: readonly (readonly [unit: BinUnit, days: number])[] = [
  ['day', 1],
  ['week', 7],
  ['month', 30.44],
  ['quarter', 91.31],
  ['year', 365.25],
];

/**
 * One in a thousand messages may lie far off: imported with a date of 1970, or of a clock that was wrong. They are left
 * out where that makes the picture half as long, or shorter.
 */
export function binDays(counts: ReadonlyMap<Day, number>): Binned {
  const days = [...counts].sort(([a], [b]) => a - b);
  const [first, last] = [days[0]?.[0], days.at(-1)?.[0]];
  if (first === undefined || last === undefined) return { unit: 'day', bins: [], outside: 0 };
  const total = days.reduce((sum, [, count]) => sum + count, 0);
  const inner = [quantileDay(days, total / 1000), quantileDay([...days].reverse(), total / 1000)] as const;
  const [begin, to] = (last - first + 1) / 2 >= inner[1] - inner[0] + 1 ? inner : [first, last];
  const unit = unitOfSpan(to - begin + 1);
  // There are years up to 275760.
  const from = unit === 'year' ? Math.max(begin, to - Math.floor(mostBins * 365.25)) : begin;
  const bins: { start: Day; end: Day; value: number }[] = [];
  for (let start = startOf(unit, from); start <= to;) {
    const end = startOf(unit, nextStart(unit, start));
    bins.push({ start, end, value: 0 });
    start = end;
  }
  let [outside, at] = [0, 0];
  for (const [day, count] of days) {
    if (day < from || day > to) {
      outside += count;
      continue;
    }
    while (day >= (bins[at]?.end ?? Infinity)) at += 1;
    const bin = bins[at];
    if (bin !== undefined) bin.value += count;
  }
  return { unit, bins, outside };
}

/** The same counts in bins that others were put into; what lies outside is left out. */
export function binLike(bins: readonly Bin[], counts: ReadonlyMap<Day, number>): readonly Bin[] {
  const values = bins.map(() => 0);
  for (const [day, count] of counts) {
    let [low, high] = [0, bins.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (day < (bins[middle]?.end ?? Infinity)) high = middle;
      else low = middle + 1;
    }
    const bin = bins[low];
    if (bin !== undefined && day >= bin.start) values[low] = (values[low] ?? 0) + count;
  }
  return bins.map((bin, index) => ({ ...bin, value: values[index] ?? 0 }));
}

function unitOfSpan(days: number): BinUnit {
  return units.find(([, length]) => days / length <= mostBins)?.[0] ?? 'year';
}

/** The first day behind which no more than `ignored` messages stand. */
function quantileDay(days: readonly (readonly [Day, number])[], ignored: number): Day {
  let passed = 0;
  for (const [day, count] of days) {
    passed += count;
    if (passed > ignored) return day;
  }
  return days.at(-1)?.[0] ?? 0;
}

function startOf(unit: BinUnit, day: Day): Day {
  const date = new Date(day * dayMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (unit) {
    case 'day':
      return day;
    case 'week':
      return Math.floor((day + 3) / 7) * 7 - 3;
    case 'month':
      return dayOf(year, month);
    case 'quarter':
      return dayOf(year, month - (month % 3));
    case 'year':
      return dayOf(year, 0);
  }
}

/** A day in the bin behind the one that begins at `start`. */
function nextStart(unit: BinUnit, start: Day): Day {
  const days = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };
  return start + days[unit];
}

function dayOf(year: number, month: number): Day {
  // Date.UTC takes years below 100 for those of the 20th century.
  return new Date(0).setUTCFullYear(year, month, 1) / dayMs;
}

/** `2026-03-04` */
export function dayText(day: Day): string {
  const text = new Date(Math.min(Math.max(day, -lastDay), lastDay) * dayMs).toISOString();
  return text.slice(0, text.indexOf('T'));
}

/** What a bin is called: `2026-03-04`, `2026-03`, `2026 Q1`, `2026`. */
export function binText(unit: BinUnit, { start }: Pick<Bin, 'start'>): string {
  const text = dayText(start);
  const month = text.slice(0, -3);
  switch (unit) {
    case 'day':
    case 'week':
      return text;
    case 'month':
      return month;
    case 'quarter':
      return `${month.slice(0, -3)} Q${Math.floor((Number(month.slice(-2)) + 2) / 3)}`;
    case 'year':
      return month.slice(0, -3);
  }
}
