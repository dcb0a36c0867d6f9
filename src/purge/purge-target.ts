/** What is to be purged. */
export type PurgeTarget =
  | { readonly kind: 'messages'; readonly ids: readonly string[] }
  /** All messages of a person, by id or username, and the person in the tables of people. */
  | { readonly kind: 'user'; readonly name: string }
  /** All messages sent before, in epoch milliseconds. */
  | { readonly kind: 'before'; readonly beforeMs: number };

/** Rooms and people, by id or name, whose messages stay. */
export interface Holds {
  readonly rooms: readonly string[];
  readonly users: readonly string[];
}
