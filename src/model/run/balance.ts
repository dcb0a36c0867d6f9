/** What changes say of the number of messages in the list of a room. */
export interface Balance {
  /** Messages that came in places that no walk comes by, less those that were deleted. */
  readonly added: number;
  /** The same of those that came or went so late that the total of this run may not show it yet. */
  readonly lateNew: number;
  readonly lateGone: number;
  /** Deletions of what this run's own walk brought: the next run has them reported again, and counts them. */
  readonly deferred: number;
  /** Deletions that the total of the list, or the one before it, may or may not show. */
  readonly mayBeGone: number;
  /** Messages that the total of the list, or the one before it, may or may not count. */
  readonly mayBeNew: number;
  /** How many of the last three the total may not show yet; the next one will. */
  readonly late: number;
  /** Edits: each may have left an earlier version in the list, where the server shows these. */
  readonly edits: number;
}

export const noBalance: Balance = {
  added: 0,
  lateNew: 0,
  lateGone: 0,
  deferred: 0,
  mayBeGone: 0,
  mayBeNew: 0,
  late: 0,
  edits: 0,
};
