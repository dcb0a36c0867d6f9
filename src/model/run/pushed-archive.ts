/** What a push did. */
export interface PushedArchive {
  /** Links of the chain that the bucket did not have. */
  readonly links: number;
  readonly files: number;
  readonly sizeBytes: number;
  /** Objects that belong to no link any more. */
  readonly removed: number;
  /** Those that stay for now, for they are locked. */
  readonly locked: number;
  /** Number of the newest link, which the bucket has now. */
  readonly newest: number;
  /** Whether the store keeps conditions: without them, two pushes at once may mix. */
  readonly isConditional: boolean;
}
