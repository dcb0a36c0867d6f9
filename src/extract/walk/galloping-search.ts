/** A shift by a row or two, the usual one, is mended by the first step. */
const firstStride = 2;

/** Rows that servers give in one page, when none has been seen. */
const usualPageRows = 100;

/**
 * How far the place is from where it is looked for first: `far`: it was noted long ago, and half a page more costs nothing;
 * `anywhere`: it was never seen.
 */
export type Distance = 'near' | 'far' | 'anywhere';

/**
 * Finds the place in a list that has moved where a page begins at or before the watermark and still reaches past it.
 *
 * Deletions and pruning shift the list to the left, so that a page begins too late; imports of old messages shift it to
 * the right, so that a page ends too early. The search steps away in doubling strides until it has one of each, then
 * halves the distance: some 30 requests for a shift by a million rows. A place that was never seen is looked for by
 * halving alone, in no more requests than the logarithm of the pages, and one. Offsets are hints: the list moves on
 * meanwhile.
 */
export class GallopingSearch {
  /** A place known to lie at or before the watermark, and one known to lie after it. */
  #behind = 0;
  #late: number | undefined;
  /** Rows of a page, as far as is known: a hint. */
  #pageRows: number;
  readonly #firstStride: number;
  #stride: number;

  constructor(pageRows: number, distance: Distance = 'near') {
    this.#pageRows = pageRows;
    this.#firstStride = strideOver(distance, pageRows);
    this.#stride = this.#firstStride;
  }

  /** Where to look first for a place anywhere in a list. @param listRows by somebody's count; null: nobody has counted */
  first(listRows: number | null, pageSize: number): number {
    if (this.#pageRows === 0) this.#pageRows = Math.min(pageSize, usualPageRows);
    return listRows === null ? 0 : this.#between(0, listRows);
  }

  /**
   * The page at `offset` began too late.
   *
   * @param shrunkBy how many rows the list has lost lately, a guess at the shift
   * @param rows of the page
   */
  afterLate(offset: number, shrunkBy: number, rows = 0): number {
    this.#pageRows = Math.max(this.#pageRows, rows);
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
    this.#pageRows = Math.max(this.#pageRows, rows);
    this.#behind = lastRow;
    if (this.#late !== undefined && this.#late <= lastRow) {
      // The list has moved past what was known: the old strides say nothing about how far.
      this.#late = undefined;
      this.#stride = this.#firstStride;
    }
    if (this.#stride === anyStride) this.#late ??= Math.max(total, lastRow + 1);
    if (this.#late !== undefined) return this.#late - lastRow < rows ? lastRow : this.#between(lastRow, this.#late);
    const isFirst = this.#stride === this.#firstStride;
    const next = isFirst ? lastRow : Math.min(lastRow + this.#stride, Math.max(lastRow, total - 1));
    this.#stride = isFirst ? Math.max(rows, 3) : this.#stride * 2;
    return next;
  }

  /** Where nothing is known of the place, the page is laid so that as much is left on either side of it. */
  #between(behind: number, late: number): number {
    const seenRows = this.#firstStride === anyStride ? this.#pageRows - 1 : 0;
    return behind + Math.floor(Math.max(0, late - behind - seenRows) / 2);
  }
}

/** Further than any list: nothing is left to do but to halve. */
const anyStride = Number.POSITIVE_INFINITY;

function strideOver(distance: Distance, pageRows: number): number {
  switch (distance) {
    case 'near':
      return firstStride;
    case 'far':
      return Math.max(firstStride, Math.floor(pageRows / 2));
    case 'anywhere':
      return anyStride;
  }
}
