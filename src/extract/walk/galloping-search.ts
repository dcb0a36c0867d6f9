/** A shift by a row or two, the usual one, is mended by the first step. */
const firstStride = 2;

/**
 * Finds the place in a list that has moved where a page begins at or before the watermark and still reaches past it.
 *
 * Deletions and pruning shift the list to the left, so that a page begins too late; imports of old messages shift it to
 * the right, so that a page ends too early. The search steps away in doubling strides until it has one of each, then
 * halves the distance: some 30 requests for a shift by a million rows. Offsets are hints: the list moves on meanwhile.
 */
export class GallopingSearch {
  /** A place known to lie at or before the watermark, and one known to lie after it. */
  #behind = 0;
  #late: number | undefined;
  /** Rows of a page, as far as is known: a hint. */
  readonly #pageRows: number;
  readonly #firstStride: number;
  #stride: number;

  /** `isFar`: the place was noted long ago, and half a page more costs nothing. */
  constructor(pageRows: number, isFar = false) {
    this.#pageRows = pageRows;
    this.#firstStride = isFar ? Math.max(firstStride, Math.floor(pageRows / 2)) : firstStride;
    this.#stride = this.#firstStride;
  }

  /** The page at `offset` began too late. `shrunkBy`: how many rows the list has lost lately, a guess at the shift. */
  afterLate(offset: number, shrunkBy: number): number {
    this.#late = offset;
    if (this.#behind >= offset) {
      this.#behind = 0;
      this.#stride = this.#firstStride;
    }
    const next = offset - Math.max(this.#stride, shrunkBy);
    this.#stride *= 2;
    if (next > this.#behind) return next;
    // One page from the place behind on reaches beyond the late one.
    return offset - this.#behind < this.#pageRows - 1 ? this.#behind : this.#between(this.#behind, offset);
  }

  /** The page at `offset` of `rows` rows ended too early, in a list that the server says has `total` rows. */
  afterBehind(offset: number, rows: number, total: number): number {
    const lastRow = offset + rows - 1;
    this.#behind = lastRow;
    if (this.#late !== undefined && this.#late <= lastRow) {
      // The list has moved past what was known: the old strides say nothing about how far.
      this.#late = undefined;
      this.#stride = this.#firstStride;
    }
    if (this.#late !== undefined) return this.#late - lastRow < rows ? lastRow : this.#between(lastRow, this.#late);
    const isFirst = this.#stride === this.#firstStride;
    const next = isFirst ? lastRow : Math.min(lastRow + this.#stride, Math.max(lastRow, total - 1));
    this.#stride = isFirst ? Math.max(rows, 3) : this.#stride * 2;
    return next;
  }

  #between(behind: number, late: number): number {
    return behind + Math.floor((late - behind) / 2);
  }
}
