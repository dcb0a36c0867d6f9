import { isRecord } from '../model/json/is-record.ts';

/** A page of a list, and how long the server says the list is; null: it does not. */
export interface PageWithTotal {
  readonly offset: number;
  readonly rows: readonly unknown[];
  readonly total: number | null;
}

/** Rows that are asked for in one request, once it is known that the server does not give all at once. */
const pageSize = 100;

/** A list that moves each time it is read: whoever misses something in it may read it again in the next run. */
const mostAttempts = 3;

/**
 * A list of users or members, as the pages so far show it. It may move while it is read: each page begins with the last row
 * of the one before, and where it does not, the list is read once more from its beginning.
 */
export class PagedList {
  /** The page to ask for next; null: none. */
  next: { readonly offset: number; readonly count: number } | null;
  /**
   * Whether who is not in it is not in the list: the pages follow each other, and are as many rows as the server counts, or
   * the same twice.
   */
  isWhole = false;
  readonly #firstCount: number;
  /** By id, of all attempts. */
  readonly #rows = new Map<string, unknown>();
  /** Of this attempt, in the order of the list; empty for a row without one. */
  #ids: string[] = [];
  /** Of the attempt before. */
  #idsBefore: readonly string[] = [];
  #total: number | null = null;
  #attempts = 0;

  /** @param firstCount rows that are asked for first; 0: all, where the server allows that (API_Allow_Infinite_Count) */
  constructor(firstCount = pageSize) {
    this.#firstCount = firstCount;
    this.next = { offset: 0, count: firstCount };
  }

  /** Rows with an id, each counted once. */
  get rows(): readonly unknown[] {
    return [...this.#rows.values()];
  }

  add({ offset, rows, total }: PageWithTotal): void {
    const ids = rows.map(idOf);
    for (const [at, row] of rows.entries()) this.#rows.set(ids[at] ?? '', row);
    this.#rows.delete('');
    if (offset === 0) {
      this.#attempts += 1;
      this.#idsBefore = this.#ids;
      this.#ids = [];
      this.#total = total;
    }
    const isSeamless = offset === 0 || (ids[0] === this.#ids.at(-1) && total === this.#total);
    const fresh = offset === 0 ? ids : ids.slice(1);
    this.#ids.push(...fresh);
    const isOver = fresh.length === 0 || this.#ids.length === total;
    if (isSeamless && !isOver) {
      this.next = { offset: this.#ids.length - 1, count: pageSize };
      return;
    }
    this.isWhole = isSeamless && (this.#isAsLongAs(total) || this.#isAsBefore()) && !this.#hasDouble();
    const isLast = this.isWhole || this.#attempts === mostAttempts;
    this.next = isLast ? null : { offset: 0, count: this.#firstCount };
  }

  #isAsLongAs(total: number | null): boolean {
    return total === null || this.#ids.length === total;
  }

  /** Then nothing has moved: the server counts what it does not list. Of an older im.members users who are gone. */
  #isAsBefore(): boolean {
    return this.#attempts > 1 && this.#ids.join(' ') === this.#idsBefore.join(' ');
  }

  #hasDouble(): boolean {
    const known = this.#ids.filter((id) => id !== '');
    return new Set(known).size < known.length;
  }
}

function idOf(row: unknown): string {
  const id = isRecord(row) ? row['_id'] : undefined;
  return typeof id === 'string' ? id : '';
}
