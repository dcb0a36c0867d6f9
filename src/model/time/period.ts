import type { Placed } from '../list/list-order.ts';
import type { Cursor } from '../stream.ts';

/** Messages with since ≤ `ts` < until, as the server's UTC clock wrote it; null: no limit. Epoch milliseconds. */
export interface Period {
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
}

export const allTime: Period = { sinceMs: null, untilMs: null };

/** The server sorts a row whose `ts` is not a date before all dates: it is in every period that has no beginning. */
export function isInPeriod({ tsMs, undated }: Placed, { sinceMs, untilMs }: Period): boolean {
  if (undated !== undefined) return sinceMs === null;
  return (sinceMs === null || tsMs >= sinceMs) && isBefore({ tsMs }, untilMs);
}

export function isBefore({ tsMs, undated }: Placed, untilMs: number | null): boolean {
  return untilMs === null || undated !== undefined || tsMs < untilMs;
}

/** The last millisecond of which a cursor says that everything was taken; none: it is still before all dates. */
export function readToMs({ watermark }: Pick<Cursor, 'watermark'>): number {
  if (watermark === null || watermark.undated !== undefined) return Number.NEGATIVE_INFINITY;
  return watermark.id === null ? watermark.tsMs : watermark.tsMs - 1;
}

/** Whether nothing is left to read before `untilMs`. */
export function isReadUpTo(cursor: Pick<Cursor, 'watermark'>, untilMs: number | null): boolean {
  return untilMs !== null && readToMs(cursor) >= untilMs - 1;
}
