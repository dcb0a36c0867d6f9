/** What changes say of the number of messages in the list of a room. */
export interface Balance {
  /** Messages that came in places that no walk comes by, less those that were deleted. */
  readonly added: number;
  /** Messages of which nobody can tell whether the total of the list has them, or the last one had. */
  readonly unclear: number;
  /** Edits: each may have left an earlier version in the list, where the server shows these. */
  readonly edits: number;
}

export const noBalance: Balance = { added: 0, unclear: 0, edits: 0 };
