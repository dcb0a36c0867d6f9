import { isRecord } from '../model/json/is-record.ts';
import { ownCopy } from '../model/text/own-copy.ts';
import type { Row } from '../model/column.ts';
import { filesTableName, wholeMessageTables } from '../model/table-name.ts';
import type { ArchiveHistory } from '../snapshot/archive-history.ts';
import type { TableReader } from '../snapshot/table-reader.ts';
import type { Purged } from './find-purged.ts';
import { OwnedRows } from './owned-rows.ts';

/** By the id of a file that a purged message brought: the first message that stays and shows it too, as a forward does. */
export type StillShown = ReadonlyMap<string, { readonly messageId: string; readonly roomId: string }>;

const columnNames = ['file_id', 'message_id', 'room_id', 'attachments'];

/**
 * A file is named with one message, the first that showed it. Where that is purged and another shows it, the file is the
 * other's from then on.
 *
 * @throws DifferenceError for a table that is not what its manifest says
 */
export async function stillShown(
  reader: TableReader,
  history: ArchiveHistory,
  { messageIds }: Pick<Purged, 'messageIds'>,
): Promise<StillShown> {
  const found = new Map<string, { readonly messageId: string; readonly roomId: string }>();
  const archived = new OwnedRows(reader, history);
  const rowsOf = (table: string): AsyncIterable<Row> => archived.of(table, [], columnNames);
  const isPurged = (id: unknown): boolean => typeof id === 'string' && messageIds.has(id);
  const lost = new Set<string>();
  for await (const { file_id: fileId, message_id: id } of rowsOf(filesTableName))
    if (typeof fileId === 'string' && isPurged(id)) lost.add(ownCopy(fileId));
  if (lost.size === 0) return found;
  const note = ({ message_id: id, room_id: roomId }: Row, fileId: unknown): void => {
    if (typeof fileId !== 'string' || !lost.has(fileId) || found.has(fileId)) return;
    if (typeof id !== 'string' || typeof roomId !== 'string' || isPurged(id)) return;
    found.set(ownCopy(fileId), { messageId: ownCopy(id), roomId: ownCopy(roomId) });
  };
  for await (const row of rowsOf('attachments')) note(row, row['file_id']);
  for (const table of wholeMessageTables) {
    for await (const row of rowsOf(table)) {
      const { attachments } = row;
      if (!Array.isArray(attachments)) continue;
      for (const one of attachments) if (isRecord(one)) note(row, one['file_id']);
    }
  }
  return found;
}
