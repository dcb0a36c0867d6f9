import type { LongestPage } from '../../model/list/longest-page.ts';
import type { PageRecord } from '../../model/stream.ts';
import type { ListPage, PageRequest } from './page.ts';

/** Servers that forbid unlimited pages answer with their default page, 50 rows; nobody sets it below this. */
const leastDefaultPage = 10;

/** What a cut attempt learned of the server's cap; an unlimited page says nothing about it. */
export function learnLongestPage(pages: readonly PageRecord[], longestPage: LongestPage): void {
  for (const { asked, rows } of pages) {
    if (asked.kind === 'offset' && asked.count > 0) longestPage.rows = Math.max(longestPage.rows, rows);
  }
}

/**
 * Decides whether a page is the end of its list. A short page alone proves nothing (the server caps silently), nor does
 * the server's total (counted beside the page, not with it). The two together do, as long as the list held still: once
 * total or cap have been seen to change, it takes an unlimited page, which no cap cuts, or a message newer than the walk,
 * behind which nothing stands that was there when the walk began.
 *
 * Most rooms are small, and no longer page may have been seen: where one page from the beginning holds as many rows as the
 * total says, and the room list counts as many messages, three counts are taken at their word. They err together only when
 * rows come in between the others while a page just as long as the server's cap is made; what it cuts off is newer than
 * where the walk ends, so the next one takes it.
 */
export class EndDetector {
  readonly #longestPage: LongestPage;
  readonly #beganMs: number;
  readonly #countedRows: number;
  #total: number | undefined;
  #steady = true;
  /**
   * Whether three equal counts show that the page asked about last is the whole list. Said whatever else shows it: what
   * other walks have learned of the cap by then depends on who was faster, and a manifest must not.
   */
  isCounted = false;

  /**
   * @param beganMs when the walk began: a list that is posted to between any two requests would never hold still
   * @param countedRows rows of the list by the room list; 0: nothing is known of it
   */
  constructor(longestPage: LongestPage, beganMs: number, countedRows: number) {
    this.#longestPage = longestPage;
    this.#beganMs = beganMs;
    this.#countedRows = countedRows;
  }

  /** To be asked once for each page, in the order they are judged. */
  isLast({ rows, total }: ListPage, { offset, count }: PageRequest): boolean {
    const end = offset + rows.length;
    this.isCounted = false;
    if (count === 0) return rows.length < leastDefaultPage && end >= total;

    const isShort = rows.length < Math.min(count, this.#longestPage.rows);
    this.#longestPage.rows = Math.max(this.#longestPage.rows, rows.length);
    // A page from behind the end is empty, and says nothing about the list but its total.
    const isBeyond = rows.length > 0 && end > total;
    if ((this.#total ?? total) !== total || isBeyond || (isShort && end < total)) this.#steady = false;
    this.#total = total;
    const newest = rows.at(-1);
    const isNewerThanWalk = newest !== undefined && newest.undated === undefined && newest.tsMs > this.#beganMs;
    if (end < total) return false;
    const isWhole = offset === 0 && rows.length > 0 && rows.length < count;
    this.isCounted = isWhole && this.#steady && rows.length === total && total === this.#countedRows;
    return this.isCounted || isNewerThanWalk || (this.#steady && isShort);
  }
}
