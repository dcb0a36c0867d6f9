/**
 * Finds the place in a list that has moved where a page begins at or before the watermark and still reaches past it.
 *
 * Deletions and pruning shift the list to the left, so that a page begins too late; imports of old messages shift it to
 * the right, so that a page ends too early. The search steps away in doubling strides until it has one of each, then
 * halves the distance: some 20 requests for a shift by a million rows. Offsets are hints: the list moves on meanwhile.
 */
export class PositionSearch {
  /** A place known to lie at or before the watermark, and one known to lie after it. */
  #behind = 0;
  #late: number | undefined;
  #stride = 2;

  /** The page at `offset` began too late. `shrunkBy`: how many rows the list has lost lately, a guess at the shift. */
  afterLate(offset: number, shrunkBy: number): number {
    this.#late = offset;
    if (this.#behind >= offset) this.#behind = 0;
    const stride = Math.max(this.#stride, shrunkBy);
    this.#stride *= 2;
    const next = offset - stride;
    return next > this.#behind ? next : this.#between(this.#behind, offset);
  }

  /** The page at `offset` of `rows` rows ended too early. */
  afterBehind(offset: number, rows: number): number {
    const lastRow = offset + rows - 1;
    this.#behind = lastRow;
    if (this.#late !== undefined && this.#late <= lastRow) this.#late = undefined;
    if (this.#late !== undefined) return this.#late - lastRow < rows ? lastRow : this.#between(lastRow, this.#late);
    const next = lastRow + (this.#stride > 2 ? this.#stride : 0);
    this.#stride = this.#stride > 2 ? this.#stride * 2 : Math.max(rows, 3);
    return next;
  }

  #between(behind: number, late: number): number {
    return behind + Math.floor((late - behind) / 2);
  }
}
