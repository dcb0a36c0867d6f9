import type { FlatMessage, RowContext } from '../tables/flat-message.ts';
import { flatten } from './flatten.ts';

/**
 * The row that says that a message is gone. The server keeps its id and when it was deleted, nothing else: that time
 * stands in `ts`, too, which has no null.
 */
export function tombstone(id: string, deletedMs: number, context: RowContext): FlatMessage {
  const nothing = flatten({ id, tsMs: deletedMs, hidden: false, raw: {} }, context);
  return { ...nothing, op: 'delete', updatedAt: new Date(deletedMs) };
}
