/** The author of a message, as every message carries it. */
export interface MessageAuthor {
  readonly _id: string;
  readonly username: string;
  readonly name?: string;
}

/**
 * A message as the server stores it, dates already in the form its REST API writes them (`2023-10-16T23:27:02.945Z`).
 * Fields that only some messages have stand under the index signature, as in the database.
 */
export interface MessageDocument {
  readonly _id: string;
  readonly rid: string;
  readonly ts: string;
  readonly _updatedAt: string;
  readonly u: MessageAuthor;
  readonly [field: string]: unknown;
}
