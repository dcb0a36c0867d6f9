import type { ListPage, PageRequest } from './page.ts';

/**
 * The longest page the server has given, to any walk: a shorter one can be the end of a list, not just a capped page.
 * The cap is one setting for the whole server (API_Upper_Count_Limit), so walks share what they learn.
 */
export interface LongestPage {
  rows: number;
}

/** Servers that forbid unlimited pages answer with their default page, 50 rows; nobody sets it below this. */
const leastDefaultPage = 10;

/**
 * Decides whether a page is the end of its list. A short page alone proves nothing (the server caps silently), nor does
 * the server's total (counted beside the page, not with it). The two together do, as long as the list held still: once
 * total or cap have been seen to change, it takes an unlimited page, which no cap cuts, or a message newer than the walk,
 * behind which nothing stands that was there when the walk began.
 */
export class EndProof {
  readonly #longestPage: LongestPage;
  readonly #beganMs: number;
  #total: number | undefined;
  #steady = true;

  /** `beganMs`: when the walk began. A list that is posted to between any two requests would never hold still. */
  constructor(longestPage: LongestPage, beganMs: number) {
    this.#longestPage = longestPage;
    this.#beganMs = beganMs;
  }

  /** To be asked once for each page, in the order they are judged. */
  isLast({ rows, total }: ListPage, { offset, count }: PageRequest): boolean {
    const end = offset + rows.length;
    if (count === 0) return rows.length < leastDefaultPage && end >= total;

    const isShort = rows.length < Math.min(count, this.#longestPage.rows);
    this.#longestPage.rows = Math.max(this.#longestPage.rows, rows.length);
    // A page from behind the end is empty, and says nothing about the list but its total.
    const isBeyond = rows.length > 0 && end > total;
    if ((this.#total ?? total) !== total || isBeyond || (isShort && end < total)) this.#steady = false;
    this.#total = total;
    const newest = rows.at(-1);
    const isNewerThanWalk = newest !== undefined && newest.undated === undefined && newest.tsMs > this.#beganMs;
    return end >= total && (isNewerThanWalk || (this.#steady && isShort));
  }
}
