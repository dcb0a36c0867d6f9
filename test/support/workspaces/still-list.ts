import { type ListPage, type PageRequest, type UnreadablePage } from '../../../src/extract/walk/page.ts';
import { markTexts } from '../../../src/extract/walk/date-texts/row-order.ts';
import { greedyPageSize } from '../../../src/extract/walk/walk.ts';
import type { ListRow } from '../../../src/model/list/list-order.ts';

export interface StillRow extends ListRow {
  /** The server fails on every page that holds it. */
  bad?: boolean;
}

/** A list that only its test changes, on a server that gives `cap` rows per page and fails on what is too much. */
export class StillList {
  readonly rows: StillRow[];
  /** What was asked for, in the words of `requestText`. */
  readonly asked: string[] = [];
  cap = 10;
  /** More rows than these are too large an answer. */
  mostRows = Number.POSITIVE_INFINITY;
  /** By the number of the request, from 1 on: what happens before it is answered. */
  readonly before = new Map<number, () => void>();

  constructor(rows: readonly StillRow[]) {
    this.rows = [...rows];
  }

  readonly fetch = (request: PageRequest): Promise<ListPage | UnreadablePage> => {
    this.asked.push(requestText(request));
    this.before.get(this.asked.length)?.();
    const { offset, count, order } = request;
    const byId =
      order === 'ts-id' ? this.rows.toSorted((a, b) => a.tsMs - b.tsMs || (a.id < b.id ? -1 : 1)) : this.rows;
    const page = byId.slice(offset, offset + (count === 0 ? this.rows.length : Math.min(count, this.cap)));
    if (page.length > this.mostRows) return Promise.resolve(unreadable('too-large', true));
    if (page.some(({ bad }) => bad === true)) return Promise.resolve(unreadable('http-500', false));
    const rows = markTexts(
      page.map(({ id, tsMs, undated }) => ({ id, tsMs, ...(undated !== undefined && { undated }) })),
      order,
    );
    return Promise.resolve({ rows, total: this.rows.length });
  };
}

/** So far apart that no row is late for the one behind it. */
export const rowMs = 1_000_000;

/** Rows "m`first`" and so on. */
export function rowsFrom(first: number, count: number): StillRow[] {
  return Array.from({ length: count }, (_, at) => ({ id: `m${first + at}`, tsMs: (first + at) * rowMs }));
}

/** As "offset+count", without the count where all is asked for that the server gives, and with "id" in the total order. */
export function requestText({ offset, count, order }: PageRequest): string {
  return `${offset}+${count === greedyPageSize ? '' : count}${order === 'ts-id' ? ' id' : ''}`;
}

function unreadable(reason: string, isTooLarge: boolean): UnreadablePage {
  return { unreadable: { reason, message: `no: ${reason}`, isTooLarge } };
}
