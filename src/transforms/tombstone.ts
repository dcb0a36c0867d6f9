import type { FlatMessage, RowContext } from '../model/flat-message.ts';
import { flatten } from './flatten.ts';

/** A message that is gone. */
interface DeletedMessage {
  readonly id: string;
  /** When it was sent, as the archive knows; null where it does not. Epoch milliseconds. */
  readonly tsMs: number | null;
  /** When it was deleted; null where only its absence shows that it was. */
  readonly deletedMs: number | null;
}

/**
 * The row that says that a message is gone. The server reports its id and when it was deleted, nothing else: when it was
 * sent is for the caller to know. `ts` has no null, so for a message that the archive never had it is the time of the
 * deletion.
 *
 * Tables with a row for each element have one row of it, too: see `elementsOf`.
 */
export function tombstone({ id, tsMs, deletedMs }: DeletedMessage, context: RowContext): FlatMessage {
  const nothing = flatten({ id, tsMs: tsMs ?? deletedMs ?? 0, hidden: false, raw: {} }, context);
  return { ...nothing, op: 'delete', deletedAt: deletedMs === null ? null : new Date(deletedMs) };
}
