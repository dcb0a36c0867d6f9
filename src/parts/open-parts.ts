/**
 * How many parts are open at once, over all tables and formats: each costs a file handle and half a megabyte of buffers,
 * and a process may have 256 handles only.
 */
const mostOpen = 96;

/** Parquet holds the rows of a group until it is written. */
const mostRows = 200_000;

/** Each format gets its share, so that its files do not depend on which formats share a thread. */
export function openPartsPerFormat(formats: number): number {
  return Math.max(1, Math.floor(mostOpen / formats));
}

/** A file that rows are still written to. */
export interface OpenPart {
  readonly rows: number;
  close(): Promise<void>;
}

/**
 * The open parts of one format, over all its tables. What is beyond the bounds is closed, the one longest unused first,
 * and continues in another part when its partition comes again.
 *
 * Rooms come one after another, so each has one part. Months come again with every room: a short history stays open as
 * a whole, a long one is cut into about one part per room and month.
 */
export class OpenParts {
  readonly #most: number;
  /** The one longest unused first. */
  readonly #parts = new Set<OpenPart>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Makes a part, open or new, the one last used. */
  use(part: OpenPart): void {
    this.#parts.delete(part);
    this.#parts.add(part);
  }

  delete(part: OpenPart): void {
    this.#parts.delete(part);
  }

  /** Closes what has to make way for `next`, the part last used; undefined: for one more. */
  async makeWay(next: OpenPart | undefined): Promise<void> {
    const most = next === undefined ? this.#most - 1 : this.#most;
    let rows = 0;
    for (const part of this.#parts) rows += part.rows;
    for (const part of this.#parts) {
      if (part === next || (this.#parts.size <= most && rows <= mostRows)) return;
      rows -= part.rows;
      await part.close();
    }
  }
}
