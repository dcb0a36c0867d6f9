import type { PageRecord } from '../../model/stream.ts';
import type { ListRow } from '../../model/list-order.ts';
import type { HistoryWalkOptions } from './walk-history.ts';

/**
 * What a walk down a history that was cut must know to resume behind its last page.
 *
 * @param pages those of its journal
 * @param recent the newest rows it took, newest first
 */
export function resumedHistory(
  pages: readonly PageRecord[],
  recent: readonly ListRow[],
): Pick<HistoryWalkOptions, 'edge' | 'recent' | 'lastTaken' | 'passedRows'> {
  const last = pages.at(-1);
  const { watermark, deliveredIds: takenIds = [] } = last?.cursor ?? {};
  if (watermark === undefined || watermark === null) return {};
  const lastTaken = last?.last && { id: last.last.id, tsMs: Date.parse(last.last.ts) };
  const passedRows = pages.reduce((sum, { from, to }) => sum + to - from, 0);
  return { edge: { ms: watermark.tsMs, takenIds }, recent, lastTaken: lastTaken ?? undefined, passedRows };
}
