import type { PageRequest } from './page.ts';

/** Servers give 100 rows per page unless configured otherwise: a guess at how far a page reaches that nobody has seen. */
const usualPageRows = 100;

/** What to ask for next, around a place that cannot be read. */
export type Narrowed =
  | { readonly kind: 'ask'; readonly request: PageRequest }
  /** Row `at` cannot be read, and the page before it, if any, ends right there. */
  | { readonly kind: 'hole'; readonly at: number }
  /** The page reaches beyond the place: it can be read after all, or the list has moved. */
  | { readonly kind: 'passed' };

/**
 * Finds the first row that keeps every page from being read that holds it, by halving: between the end of the longest
 * page that could be read and that of the shortest that could not.
 *
 * Pages are asked for in the total order, so that what stands right before and behind the row is always the same.
 */
export class Narrowing {
  /** Row behind the shortest page that could not be read; undefined: nothing is looked for. */
  #end: number | undefined;

  get isActive(): boolean {
    return this.#end !== undefined;
  }

  stop(): void {
    this.#end = undefined;
  }

  /** `pageRows`: the longest page the server has given. */
  afterUnreadable({ offset, count }: PageRequest, pageRows: number): Narrowed {
    // Too long a guess costs a request or two; too short a one would take a row for the hole that is none.
    const longest = Math.max(pageRows, usualPageRows);
    const rows = count === 0 ? longest : Math.min(count, longest);
    this.#end = offset + rows;
    if (rows > 1) return ask(offset, Math.floor(rows / 2));
    // The row is at the very beginning of the page: what stands before it is yet to be seen.
    return offset === 0 ? { kind: 'hole', at: 0 } : ask(offset - 1, 1);
  }

  /** @param rows of a page that could be read: the next one begins with the last of them */
  afterReadable({ offset, count }: PageRequest, rows: number): Narrowed {
    const readTo = offset + rows;
    const end = this.#end ?? 0;
    // A page of the last row alone, though more were asked for, is the end of the list, whatever was guessed of it.
    if (rows === 0 || readTo >= end || (rows === 1 && count > 1)) return { kind: 'passed' };
    if (readTo === end - 1) return { kind: 'hole', at: readTo };
    return ask(readTo - 1, 1 + Math.floor((end - readTo) / 2));
  }
}

function ask(offset: number, count: number): Narrowed {
  return { kind: 'ask', request: { offset, count, order: 'ts-id' } };
}
