import type { Disk } from '../disk.ts';
import type { ColumnSpec, Row } from '../tables/column.ts';
import { readHistory } from './archive-runs.ts';
import { expectColumns } from './expect-columns.ts';
import { filesSince } from './table-files.ts';
import { TableReader } from './table-reader.ts';

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
 * By room and id, in the archive's order, the messages of the table `messages` later than `sinceMs` that are not said to
 * be gone. Files that can hold nothing so new are not opened; memory grows with what is found.
 *
 * @throws UsageError when the archive does not have what is needed to tell; OutputError for a damaged manifest;
 *   DifferenceError for a file that is not what its manifest says
 */
export async function storedMessages(
  disk: Disk,
  archive: string,
  roomIds: ReadonlySet<string>,
  sinceMs: number,
): Promise<ReadonlyMap<string, ReadonlyMap<string, StoredMessage>>> {
  const history = await readHistory(disk, archive);
  const reader = new TableReader(disk, archive, history);
  const rooms = new Map([...roomIds].map((id) => [id, new Map<string, StoredVersion>()]));
  for (const file of filesSince(history, 'messages', sinceMs)) {
    await expectColumns(reader, file, columns);
    for await (const batch of reader.rows(file, columns)) {
      for (const row of batch) {
        const { room_id: roomId, ts, op } = row;
        const versions = typeof roomId === 'string' ? rooms.get(roomId) : undefined;
        if (versions === undefined || !(ts instanceof Date)) continue;
        // A deletion stands at its own time, and a message may be dated in the future.
        if (ts.getTime() > sinceMs || op === 'delete') addVersion(versions, row, ts);
      }
    }
  }
  for (const versions of rooms.values()) {
    for (const [id, { isDeleted }] of versions) if (isDeleted) versions.delete(id);
  }
  return rooms;
}

interface StoredVersion extends StoredMessage {
  readonly run: number;
  readonly isDeleted: boolean;
}

function addVersion(versions: Map<string, StoredVersion>, row: Row, ts: Date): void {
  const { message_id: id, updated_at: updatedAt, op, run } = row;
  if (typeof id !== 'string' || typeof run !== 'number') return;
  if (run < (versions.get(id)?.run ?? 0)) return;
  // A copy: an id that was cut out of a megabyte of text would keep all of it in memory.
  versions.set(Buffer.from(id).toString(), {
    ...{ run, tsMs: ts.getTime(), isDeleted: op === 'delete' },
    updatedAtMs: updatedAt instanceof Date ? updatedAt.getTime() : null,
  });
}
