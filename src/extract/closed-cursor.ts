import { isReadUpTo } from '../model/time/period.ts';
import type { Cursor } from '../model/stream.ts';
import type { PlannedStream } from '../plan/run-plan.ts';

/**
 * Where a walk that has come to its end is read on. Before a time that was settled when the run began nothing becomes
 * visible late, so a walk that ends there has taken everything, and no later one looks there again.
 *
 * @param settledMs epoch milliseconds of the server's clock
 */
export function closedCursor(
  cursor: Cursor,
  { untilMs, cursor: start }: Pick<PlannedStream, 'untilMs' | 'cursor'>,
  settledMs: number,
): Cursor {
  if (untilMs === null) return cursor;
  // What was taken before this walk may lie behind its end.
  const { deliveredIds } = start;
  if (isReadUpTo(cursor, untilMs) || untilMs > settledMs) {
    return { ...cursor, deliveredIds: [...new Set([...cursor.deliveredIds, ...deliveredIds])] };
  }
  const offset = cursor.offset + cursor.deliveredIds.length;
  return { watermark: { tsMs: untilMs - 1, id: null }, offset, deliveredIds };
}
