/** What changes say of the number of messages in the list of a room. */
export interface Balance {
  /** Messages that came in places that no walk comes by, less those that were deleted. */
  readonly added: number;
  /** The same of those that came or went so late that the total of this run may not show it yet. */
  readonly lateNew: number;
  readonly lateGone: number;
  /** Deletions of what this run's own walk brought: the next run has them reported again, and counts them. */
  readonly deferred: number;
  /** Deletions of which nobody can tell whether the total of the list, or the last one, had been made shorter by them. */
  readonly mayBeGone: number;
  /** Messages of which nobody can tell whether the total of the list has them, or the last one had. */
  readonly mayBeNew: number;
  /** Of the last three, those that the total may not show yet, and the next one does. */
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
