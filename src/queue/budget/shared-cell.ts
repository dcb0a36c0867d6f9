/** A text that several processes change, each change made to what the last one left. */
export interface SharedCell {
  /**
   * Replaces `expected` with `next`; undefined: nothing is there.
   *
   * @throws when whoever keeps it does not respond
   */
  compareAndSet(
    expected: string | undefined,
    next: string,
  ): Promise<{
    readonly isSet: boolean;
    /** What is there now. */
    readonly current: string | undefined;
    /** The clock that all of them have in common, in epoch milliseconds. */
    readonly nowMs: number;
  }>;
}
