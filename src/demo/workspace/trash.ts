import type { StoredMessage } from './stored-message.ts';

/** What the trash remembers of a deleted message. */
export interface TrashedMessage {
  readonly id: string;
  /** `_deletedAt`, epoch milliseconds. */
  readonly atMs: number;
  /** The message's own `_updatedAt`, which its copy in the trash keeps. */
  readonly updatedAtMs: number;
  readonly tsMs: number;
}

/**
 * The deleted messages of a room: one copy of each id, for a second deletion overwrites the first, and a message that
 * comes back under its id does not leave the trash.
 *
 * Source: packages/models/src/models/BaseRaw.ts (deleteOne, deleteMany: `trash.updateOne({_id}, …, {upsert: true})`)
 */
export class Trash {
  readonly #messages = new Map<string, TrashedMessage>();

  add({ id, updatedAtMs, tsMs }: Pick<StoredMessage, 'id' | 'updatedAtMs' | 'tsMs'>, atMs: number): void {
    this.#messages.set(id, { id, atMs, updatedAtMs, tsMs });
  }

  /** In the order in which their ids were deleted first, which is no order to rely on. */
  get messages(): readonly TrashedMessage[] {
    return [...this.#messages.values()];
  }
}
