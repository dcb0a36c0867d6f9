import type { Watermark, UndatedKey } from '../stream.ts';
import { compareKeys } from './bson-order.ts';

/**
 * How the server is asked to order the list. `ts` is served by its index but leaves messages of one millisecond in an
 * order that edits change; `ts-id` is a total order that the server sorts anew for each page.
 */
export type ListOrder = 'ts' | 'ts-id';

export interface ListRow {
  /** Empty for a row without one. */
  readonly id: string;
  readonly tsMs: number;
  /** Set when the row's `ts` is no date: it stands before all that have one, whatever `tsMs` says. */
  readonly undated?: UndatedKey;
}

/** The part of a row, or of a watermark, that the server sorts by. */
export type Placed = Pick<Watermark, 'tsMs' | 'undated'>;

/** Below zero: `a` comes first in a list that the server sorts by `ts`. */
export function compareTs(a: Placed, b: Placed): number {
  if (a.undated === undefined || b.undated === undefined) {
    if (a.undated === b.undated) return a.tsMs - b.tsMs;
    return a.undated === undefined ? 1 : -1;
  }
  return compareKeys(a.undated, b.undated);
}

export function isNewer(row: ListRow, watermark: Watermark | null): boolean {
  const order = watermark === null ? 1 : compareTs(row, watermark);
  if (watermark === null || order !== 0) return order > 0;
  return watermark.id !== null && row.id > watermark.id;
}
