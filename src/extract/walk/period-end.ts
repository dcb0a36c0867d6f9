import { isBefore } from '../../model/time/period.ts';
import type { ListRow } from '../../model/list/list-order.ts';

/**
 * Where the rows of a period end in a list. In order of `ts` all of them stand before the first later one, so a page that
 * shows that one holds the end of them.
 */
export class PeriodEnd {
  readonly #untilMs: number | null;
  readonly #isFuture: boolean;
  /** Where the furthest row stands that has been seen within the period. */
  #withinTo = 0;

  /** @param beganMs when the walk began: what it has not seen by then does not end it */
  constructor(untilMs: number | null, beganMs: number) {
    this.#untilMs = untilMs;
    this.#isFuture = untilMs === null || untilMs > beganMs;
  }

  /** The first rows of a page, up to the first that is later than the period; `rows` itself when none is. */
  within<R extends ListRow>(rows: readonly R[], offset: number): readonly R[] {
    const beyond = rows.findIndex((row) => !isBefore(row, this.#untilMs));
    const within = beyond === -1 ? rows : rows.slice(0, beyond);
    if (within.length > 0) this.#withinTo = Math.max(this.#withinTo, offset + within.length - 1);
    return within;
  }

  /** Whether a row is later than the period: behind the first of a list nothing is within it, if that is a date. */
  isBehind(row: ListRow | undefined): boolean {
    return row !== undefined && !isBefore(row, this.#untilMs);
  }

  /** Up to where pages may be asked for ahead of their turn, none of them in vain: rows of the list. */
  askAheadTo(total: number): number {
    return this.#isFuture ? total - 1 : Math.min(total - 1, this.#withinTo);
  }
}
