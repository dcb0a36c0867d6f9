import type { RowContext } from '../../model/flat-message.ts';
import type { ArchivedRow, ArchivedRows } from '../../snapshot/archived-rows.ts';
import { tombstone } from '../../transforms/tombstone.ts';
import type { LoadContext } from '../load-stream.ts';

/** Writes `delete` rows in place of rows of the archive. @param contextFor the room that a row is of; undefined: it stays */
export async function writeTombstones(
  { steps, rows }: Pick<LoadContext, 'steps' | 'rows'>,
  archived: ArchivedRows,
  contextFor: (id: string, row: ArchivedRow) => RowContext | undefined,
): Promise<void> {
  for (const [table, found] of archived) {
    for (const [id, row] of found) {
      const context = row.isDeleted ? undefined : contextFor(id, row);
      if (context === undefined) continue;
      const { roomId, tsMs } = row;
      const gone = steps.tombstone(tombstone({ id, tsMs, deletedMs: null }, context));
      await rows.add({ ...gone, roomId, ts: new Date(tsMs) }, [table], true);
    }
  }
  await rows.flush();
}
