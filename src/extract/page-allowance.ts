/** Bytes of page bodies that may wait in memory for their turn, over all walks. Parsed, they take a few times as much. */
const heldBytesLimit = 32 << 20;

/**
 * Bounds the pages that walks ask for ahead of their turn, by number and by bytes: pages of a server that allows 5,000
 * rows are fifty times as large as those of one that allows 100.
 */
export class PageAllowance {
  readonly #pagesAhead: number;
  #walks = 0;
  #largestPageBytes = 0;

  /** `pagesAhead`: pages one walk may hold, whatever their size. */
  constructor(pagesAhead: number) {
    this.#pagesAhead = pagesAhead;
  }

  /** Reports how large pages are here. */
  observe(pageBytes: number): void {
    this.#largestPageBytes = Math.max(this.#largestPageBytes, pageBytes);
  }

  /** A walk that holds `held` pages asks for one more. */
  allows(held: number): boolean {
    const share = heldBytesLimit / Math.max(1, this.#walks);
    return held < this.#pagesAhead && (held + 1) * this.#largestPageBytes <= share;
  }

  /** Counts a walk in; the answer counts it out. */
  enter(): () => void {
    this.#walks++;
    return () => {
      this.#walks--;
    };
  }
}
