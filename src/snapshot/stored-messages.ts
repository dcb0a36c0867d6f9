import type { Disk } from '../system/disk.ts';
import type { Row } from '../model/column.ts';
import { readArchiveHistory, type ArchiveHistory } from './archive-history.ts';
import { addNewest, versionedColumns, type ArchivedRow, type ReadHistoryOptions } from './archived-rows.ts';
import { expectColumns } from './expect-columns.ts';
import { intactHistory } from './intact/intact-history.ts';
import { filesSince, type TableFile } from './table-files.ts';
import { TableReader } from './table-reader.ts';

/** What the newest row of a message says. */
export interface StoredMessage {
  readonly tsMs: number;
  readonly updatedAtMs: number | null;
}

/**
 * By room and id, in the archive's order, the messages of the table `messages` that stand in the windows of some rooms:
 * neither gone nor, by a newer row, in another room. Files that can hold nothing so new are not opened; memory grows with
 * what is found.
 *
 * @param windows by room, in epoch milliseconds, the time that its messages are later than
 * @param present see readArchiveHistory
 * @throws UsageError when the archive does not have what is needed to tell; OutputError for a damaged manifest;
 *   DifferenceError for a file that is not what its manifest says
 */
export async function storedMessages(
  disk: Disk,
  archive: string,
  windows: ReadonlyMap<string, number>,
  { present, damaged }: ReadHistoryOptions = {},
): Promise<ReadonlyMap<string, ReadonlyMap<string, StoredMessage>>> {
  const recorded = await readArchiveHistory(disk, archive, present);
  const reader = new TableReader(disk, archive, recorded);
  const newest = new Map<string, ArchivedRow>();
  const filesOf = (one: ArchiveHistory): readonly TableFile[] =>
    filesSince(one, 'messages', Math.min(...windows.values()));
  const history = await intactHistory(reader, recorded, filesOf);
  for (const path of history.damaged ?? []) damaged?.add(path);
  const files = filesOf(history);
  // A file that holds rows of several runs: what came before it may be newer, and is looked at once more.
  const isInOrder = files.every(({ isOfOthers }) => !isOfOthers);
  const others = { rows: 0 };
  const isKnown = ({ message_id: id }: Row): boolean => typeof id === 'string' && newest.has(id);
  const takeRows = async (isWanted: (row: Row) => boolean): Promise<void> => {
    for (const file of files) {
      await expectColumns(reader, file, versionedColumns);
      for await (const batch of reader.rows(file, versionedColumns)) {
        for (const row of batch) if (isWanted(row)) addNewest(newest, 'messages', row);
      }
    }
  };
  await takeRows((row) => {
    const { room_id: roomId, ts, op } = row;
    const sinceMs = typeof roomId === 'string' ? windows.get(roomId) : undefined;
    if (sinceMs === undefined) others.rows += 1;
    // A deletion stands at its own time, and a message may be dated in the future.
    const isInWindow = sinceMs !== undefined && ts instanceof Date && (ts.getTime() > sinceMs || op === 'delete');
    return isInWindow || isKnown(row);
  });
  if (others.rows > 0 && !isInOrder) await takeRows(isKnown);
  const rooms = new Map([...windows.keys()].map((id) => [id, new Map<string, StoredMessage>()]));
  for (const [id, { roomId, isDeleted, tsMs, updatedAtMs }] of newest) {
    // One that was deleted and came back has a deletion that was looked at, whatever its own time.
    const isInWindow = tsMs > (windows.get(roomId) ?? Number.POSITIVE_INFINITY);
    if (!isDeleted && isInWindow) rooms.get(roomId)?.set(id, { tsMs, updatedAtMs });
  }
  return rooms;
}
