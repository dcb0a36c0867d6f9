import { allowedLatenessMs, type Cursor } from '../../model/stream.ts';
import type { ListRow } from '../../model/list/list-order.ts';

/** Remembers the rows taken in the last `allowedLatenessMs` before the newest: what a finished walk's cursor must name. */
export class RecentRows {
  #rows: ListRow[];
  /** Every row taken after this is known here. */
  #knownSinceMs: number;

  constructor(rows: readonly ListRow[], knownSinceMs: number) {
    this.#rows = [...rows];
    this.#knownSinceMs = knownSinceMs;
  }

  /** Rows come in order of `ts`. Those without a date are not waited for: how new they are is unknown. */
  add(rows: readonly ListRow[]): void {
    this.#rows.push(...rows.filter(({ undated }) => undated === undefined));
    const settledMs = (this.#rows.at(-1)?.tsMs ?? 0) - allowedLatenessMs;
    const firstUnsettled = this.#rows.findIndex((row) => row.tsMs > settledMs);
    if (firstUnsettled > 0) {
      this.#rows = this.#rows.slice(firstUnsettled);
      this.#knownSinceMs = Math.max(this.#knownSinceMs, settledMs);
    }
  }

  /** Where a later walk should begin, when the newest row stands at `lastOffset` of the list. null: nothing was taken. */
  cursor(lastOffset: number): Cursor | null {
    const newest = this.#rows.at(-1);
    if (newest === undefined) return null;
    const tsMs = Math.max(this.#knownSinceMs, newest.tsMs - allowedLatenessMs);
    const unsettled = this.#rows.filter((row) => row.tsMs > tsMs);
    return {
      watermark: { tsMs, id: null },
      offset: Math.max(0, lastOffset - unsettled.length),
      deliveredIds: unsettled.map((row) => row.id),
    };
  }
}

/** Since when every taken row is named by the cursor or the recent rows. */
export function knownSince({ watermark }: Cursor, recent: readonly ListRow[]): number {
  if (watermark === null) return Number.NEGATIVE_INFINITY;
  return recent[0] === undefined ? watermark.tsMs : Math.min(watermark.tsMs, recent[0].tsMs - 1);
}
