import type { Disk } from '../system/disk.ts';
import type { ColumnSpec, Row } from '../model/column.ts';
import { readArchiveHistory } from './archive-history.ts';
import { expectColumns } from './expect-columns.ts';
import { filesSince } from './table-files.ts';
import { TableReader } from './table-reader.ts';
import { supersedes } from './versions.ts';

/** What the newest row of a message says. */
export interface StoredMessage {
  readonly tsMs: number;
  readonly updatedAtMs: number | null;
}

const column = (name: string, kind: 'string' | 'timestamp' | 'int', nullable = false): ColumnSpec => ({
  ...{ name, type: { kind }, nullable },
});

const columns: readonly ColumnSpec[] = [
  column('message_id', 'string'),
  column('room_id', 'string'),
  column('ts', 'timestamp'),
  column('updated_at', 'timestamp', true),
  column('op', 'string'),
  column('run', 'int'),
];

/**
 * By room and id, in the archive's order, the messages of the table `messages` that stand in the windows of some rooms:
 * neither gone nor, by a newer row, in another room. Files that can hold nothing so new are not opened; memory grows with
 * what is found.
 *
 * @param windows by room, in epoch milliseconds, the time that its messages are later than
 * @throws UsageError when the archive does not have what is needed to tell; OutputError for a damaged manifest;
 *   DifferenceError for a file that is not what its manifest says
 */
export async function storedMessages(
  disk: Disk,
  archive: string,
  windows: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, ReadonlyMap<string, StoredMessage>>> {
  const history = await readArchiveHistory(disk, archive);
  const reader = new TableReader(disk, archive, history);
  const versions = new Map<string, StoredVersion>();
  const files = filesSince(history, 'messages', Math.min(...windows.values()));
  const isOfOneRun = new Set(history.runs.map(({ run }) => run));
  // A compacted file holds rows of several runs: what came before it may be newer, and is looked at once more.
  const isInOrder = files.every(({ place }) => isOfOneRun.has(place.run));
  const others = { rows: 0 };
  const takeRows = async (take: (row: Row, id: string, run: number) => void): Promise<void> => {
    for (const file of files) {
      await expectColumns(reader, file, columns);
      for await (const batch of reader.rows(file, columns)) {
        for (const row of batch) {
          const { message_id: id, run } = row;
          if (typeof id === 'string' && typeof run === 'number') take(row, id, run);
        }
      }
    }
  };
  await takeRows((row, id, run) => {
    const { room_id: roomId, ts, op } = row;
    const sinceMs = typeof roomId === 'string' ? windows.get(roomId) : undefined;
    if (sinceMs === undefined) others.rows += 1;
    // A deletion stands at its own time, and a message may be dated in the future.
    const isWanted = sinceMs !== undefined && ts instanceof Date && (ts.getTime() > sinceMs || op === 'delete');
    if (isWanted || versions.has(id)) addVersion(versions, row, id, run);
  });
  if (others.rows > 0 && !isInOrder) {
    await takeRows((row, id, run) => {
      if (versions.has(id)) addVersion(versions, row, id, run);
    });
  }
  const rooms = new Map([...windows.keys()].map((id) => [id, new Map<string, StoredMessage>()]));
  for (const [id, { roomId, isDeleted, tsMs, updatedAtMs }] of versions) {
    // One that was deleted and came back has a deletion that was looked at, whatever its own time.
    const isInWindow = tsMs > (windows.get(roomId) ?? Number.POSITIVE_INFINITY);
    if (!isDeleted && isInWindow) rooms.get(roomId)?.set(id, { tsMs, updatedAtMs });
  }
  return rooms;
}

interface StoredVersion extends StoredMessage {
  readonly roomId: string;
  readonly run: number;
  readonly isDeleted: boolean;
}

function addVersion(versions: Map<string, StoredVersion>, row: Row, id: string, run: number): void {
  const { room_id: roomId, ts, updated_at: updatedAt, op } = row;
  const known = versions.get(id);
  const isDeleted = op === 'delete';
  if (!supersedes({ run, isDeleted }, known?.run)) return;
  // Copies: what was cut out of a megabyte of text would keep all of it in memory.
  versions.set(Buffer.from(id).toString(), {
    ...{ run, isDeleted, roomId: typeof roomId === 'string' ? Buffer.from(roomId).toString() : '' },
    tsMs: ts instanceof Date ? ts.getTime() : 0,
    updatedAtMs: updatedAt instanceof Date ? updatedAt.getTime() : null,
  });
}
