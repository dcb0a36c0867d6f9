import type { ListRow } from '../../model/list/list-order.ts';
import type { UnreadablePage } from '../walk/page.ts';
import type { HistoryRequest } from './history-step.ts';

/** What a walk made of a page that could be read. */
export interface ReadRows {
  readonly request: HistoryRequest;
  readonly rows: readonly ListRow[];
  /** Index of the first row of the page's last millisecond. */
  readonly groupAt: number;
  /** Whether any row was taken. */
  readonly isProgress: boolean;
  /** What follows the page cannot be read: all its rows were taken. */
  readonly isBorder: boolean;
}

/**
 * Where a walk down a history stands, and how much it asks for next: the rows at or before a moment, less those that are
 * done with. There are such only beside a hole, where offsets lead on. There each page begins with the last row that was
 * taken, which proves that nothing has shifted.
 */
export class HistoryPlace {
  /** null: at the newest. */
  latestMs: number | null;
  /** Rows at or before `latestMs` that are done with. */
  passed = 0;
  /** The last of them; undefined: there is none, or it is in a hole. */
  last: ListRow | undefined;
  readonly #pageSize: number;
  /** Rows that fit on a page. */
  #size: number;
  #count: number;
  /** Of the rows at or before `latestMs`: the end of the shortest page that could not be read. */
  #brokenEnd: number | undefined;
  #isTooLarge = false;

  constructor(latestMs: number | null, pageSize: number) {
    this.latestMs = latestMs;
    this.#pageSize = pageSize;
    this.#size = pageSize;
    this.#count = pageSize;
  }

  /** Rows to ask for behind a hole. */
  get size(): number {
    return this.#size;
  }

  get request(): HistoryRequest {
    const offset = this.#offset;
    return { latestMs: this.latestMs, count: this.#count, ...(offset > 0 && { offset }) };
  }

  get #offset(): number {
    return Math.max(0, this.passed - 1);
  }

  /** @returns whether nothing is left to halve: what follows the last row cannot be read */
  afterUnreadable({ isTooLarge }: UnreadablePage['unreadable']): boolean {
    this.#isTooLarge = isTooLarge;
    this.#brokenEnd = this.#offset + this.#count;
    if (isTooLarge) this.#size = Math.max(1, this.#count >> 1);
    const least = this.#least;
    if (this.#count <= least) return true;
    this.#count = Math.max(least, this.#count >> 1);
    return false;
  }

  /** Whether a page ends right before the row that breaks longer ones. */
  isBorder({ offset = 0 }: HistoryRequest, rows: number): boolean {
    return this.#brokenEnd === offset + rows + 1;
  }

  afterRows({ request: { offset = 0 }, rows, groupAt, isProgress, isBorder }: ReadRows): void {
    const oldest = rows.at(-1);
    if (oldest === undefined) return;
    const isStill = !isProgress && oldest.tsMs === this.latestMs;
    // Its last millisecond begins on the page, or where the walk stands: by time it can be asked for whole.
    const isWhole = groupAt > 0 || this.passed === 0;
    const shift = isWhole ? offset + groupAt : 0;
    const end = offset + rows.length - shift;
    if (isWhole) this.latestMs = oldest.tsMs;
    this.passed = isWhole && !isBorder ? 0 : end;
    this.last = this.passed === 0 ? undefined : oldest;
    const brokenEnd = (this.#brokenEnd ?? 0) - shift;
    // Of pages that are too large the next may be smaller; and a list that has moved may be readable there.
    this.#brokenEnd = brokenEnd <= end || (this.#isTooLarge && isProgress) ? undefined : brokenEnd;
    if (this.#brokenEnd !== undefined) this.#count = Math.max(end + 1, (end + brokenEnd) >> 1) - this.#offset;
    else this.#count = isStill ? this.#count * 2 : Math.max(this.#least, this.#size);
  }

  /** @param rows of the hole */
  afterHole(rows: number): void {
    // One row that is too large says nothing about others.
    if (this.#isTooLarge) this.#size = this.#pageSize;
    this.#resume(this.passed + rows);
  }

  /** The list has moved: by time it continues from `latestMs`. */
  startAgain(latestMs: number | null): void {
    this.latestMs = latestMs;
    this.#resume(0);
  }

  #resume(passed: number): void {
    this.passed = passed;
    this.last = undefined;
    this.#brokenEnd = undefined;
    this.#count = Math.max(this.#least, this.#size);
  }

  /** With fewer rows a page cannot show anything new. */
  get #least(): number {
    return this.passed - this.#offset + 1;
  }
}
