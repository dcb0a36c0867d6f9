/**
 * A stream is one endpoint over one room: the unit that is walked, journaled, resumed and reported. Its types stand
 * here because the walk makes them, the journal keeps them and the archive's state carries them to the next run.
 */

/**
 * How far a stream has been read. Every surviving message up to the watermark has been taken: all with `ts` ≤ `tsMs`
 * or, when `id` is set, all whose (`ts`, `_id`) ≤ (`tsMs`, `id`), which is how a burst inside one millisecond is walked.
 */
export interface Watermark {
  readonly tsMs: number;
  readonly id: string | null;
}

/** Where a later walk of the stream goes on. */
export interface Cursor {
  /** null: from the beginning. */
  readonly watermark: Watermark | null;
  /** Where in the server's list the watermark's row was last seen: a hint that saves requests, never trusted. */
  readonly offset: number;
  /**
   * Ids of messages already taken that lie after the watermark. A finished walk steps its watermark back a little and
   * names what it took since: a message may become visible late, behind newer ones (the server sets `ts` before it
   * inserts, and several servers' clocks differ), and the next run must neither miss it nor take the others again.
   */
  readonly takenIds: readonly string[];
}

export const fromTheBeginning: Cursor = { watermark: null, offset: 0, takenIds: [] };

/** First or last message of a stretch, for the manifest. */
export interface MessageMark {
  readonly id: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly ts: string;
}

/** What one run saw of a stream: the evidence that nothing was skipped. */
export interface StreamProof {
  /** Pages accepted. */
  readonly pages: number;
  /** Messages taken, filters not yet applied. */
  readonly messages: number;
  /** Edit-history clones (`_hidden`) met on the way. */
  readonly versions: number;
  readonly first: MessageMark | null;
  readonly last: MessageMark | null;
  /** The server's `total` beside the first and the last page; null when no page came. */
  readonly totalAtFirstPage: number | null;
  readonly totalAtLastPage: number | null;
  /** Pages whose first row was checked to lie at or before the watermark. */
  readonly seamsChecked: number;
  /** Pages that failed the check, because the list had shifted, and were asked again. */
  readonly seamsRepaired: number;
}
