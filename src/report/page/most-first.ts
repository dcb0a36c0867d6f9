import { count } from '../../model/text/counted.ts';

/** Those with as many as each other in the order in which they were met. */
export function mostFirst<Thing>(things: readonly Thing[], amount: (thing: Thing) => number): readonly Thing[] {
  return [...things].sort((a, b) => amount(b) - amount(a));
}

/**
 * How much of all is of few: `12 rooms; 3 of them hold half of the messages.`
 *
 * @param all what there is, in words
 * @param counts the most first
 */
export function halfOf(all: string, counts: readonly number[]): string {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let [some, sum] = [0, 0];
  while (sum < total / 2) sum += counts[some++] ?? total;
  return counts.length === 1
    ? `${all}.`
    : `${all}; ${some === 1 ? 'one of them holds' : `${count(some)} of them hold`} half of the messages.`;
}
