import { isRecord } from '../model/json/is-record.ts';
import { ownCopy } from '../model/text/own-copy.ts';
import type { Row } from '../model/column.ts';
import { filesTableName, wholeMessageTables } from '../model/table-name.ts';
import type { ArchiveHistory } from '../snapshot/archive-history.ts';
import { tableFiles } from '../snapshot/table-files.ts';
import type { TableReader } from '../snapshot/table-reader.ts';
import { storedColumns } from '../tables/stored-columns.ts';
import type { Purged } from './find-purged.ts';

/** By the id of a file that a purged message brought: the first message that stays and shows it too, as a forward does. */
export type StillShown = ReadonlyMap<string, { readonly messageId: string; readonly roomId: string }>;

const columnNames: ReadonlySet<string> = new Set(['file_id', 'message_id', 'room_id', 'op', 'attachments']);

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
  const isPurged = (id: unknown): boolean => typeof id === 'string' && messageIds.has(id);
  const lost = new Set<string>();
  for await (const { file_id: fileId, message_id: id } of rowsOf(reader, history, filesTableName))
    if (typeof fileId === 'string' && isPurged(id)) lost.add(ownCopy(fileId));
  if (lost.size === 0) return found;
  const note = ({ message_id: id, room_id: roomId }: Row, fileId: unknown): void => {
    if (typeof fileId !== 'string' || !lost.has(fileId) || found.has(fileId)) return;
    if (typeof id !== 'string' || typeof roomId !== 'string' || isPurged(id)) return;
    found.set(ownCopy(fileId), { messageId: ownCopy(id), roomId: ownCopy(roomId) });
  };
  for await (const row of rowsOf(reader, history, 'attachments')) note(row, row['file_id']);
  for (const table of wholeMessageTables) {
    for await (const row of rowsOf(reader, history, table)) {
      const { attachments } = row;
      if (!Array.isArray(attachments)) continue;
      for (const one of attachments) if (isRecord(one)) note(row, one['file_id']);
    }
  }
  return found;
}

async function* rowsOf(reader: TableReader, history: ArchiveHistory, table: string): AsyncGenerator<Row> {
  if (!history.runs.some(({ tables }) => Object.hasOwn(tables, table))) return;
  const columns = (storedColumns.get(table) ?? [])
    .filter(({ name }) => columnNames.has(name))
    // What a job has dropped is null.
    .map((column) => ({ ...column, nullable: true }));
  for (const file of tableFiles(history, table)) for await (const batch of reader.rows(file, columns)) yield* batch;
}
