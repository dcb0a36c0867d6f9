import { ownCopy } from '../model/text/own-copy.ts';
import { wholeMessageTables, type MessageTableName } from '../model/table-name.ts';
import type { Disk } from '../system/disk.ts';
import type { ColumnSpec, Row } from '../model/column.ts';
import { storedColumns } from '../tables/stored-columns.ts';
import { readArchiveHistory } from './archive-history.ts';
import { expectColumns } from './expect-columns.ts';
import { rowContent } from './row-content.ts';
import { intactHistory } from './intact/intact-history.ts';
import { filesSince } from './table-files.ts';
import { TableReader } from './table-reader.ts';
import type { StepSettings } from './superseded/superseded-runs.ts';
import { supersedes } from './versions/newest-version.ts';

/** What the newest row of a message in a table says; in a side table, the newest row of its elements. */
export interface ArchivedRow {
  readonly run: number;
  readonly roomId: string;
  readonly tsMs: number;
  /** null where the table does not have it. */
  readonly updatedAtMs: number | null;
  readonly isDeleted: boolean;
  /** Of a side table what its rows say, see rowContent; empty of a message table. */
  readonly content: string;
}

/** By table and message id. */
export type ArchivedRows = ReadonlyMap<MessageTableName, ReadonlyMap<string, ArchivedRow>>;

export interface WantedRows {
  readonly has: (id: string, table: MessageTableName, roomId: string) => boolean;
  /** All of them are of messages later than this, in epoch milliseconds: files that can hold none are not opened. */
  readonly sinceMs: number;
}

const column = (name: string, kind: 'string' | 'timestamp' | 'int'): ColumnSpec => ({
  name,
  type: { kind },
  nullable: true,
});

export interface ReadHistoryOptions {
  /** See readArchiveHistory. */
  readonly present?: readonly StepSettings[];
  /** Gets the paths of files that are not what their manifests say, and whose rows another format had. */
  readonly damaged?: Set<string>;
}

/** Without these no row says which message it is of, and which one is newer. */
const neededColumns: readonly ColumnSpec[] = [
  column('message_id', 'string'),
  column('room_id', 'string'),
  column('ts', 'timestamp'),
  column('op', 'string'),
  column('run', 'int'),
];

/** Only versions of messages have the last one: the rows of a side table are compared as they are. */
export const versionedColumns: readonly ColumnSpec[] = [...neededColumns, column('updated_at', 'timestamp')];

/**
 * Looks messages up in an archive: of each table the newest row of those that are wanted. Reads every file of the
 * tables once; memory grows with what is found.
 *
 * @throws UsageError when the archive does not have what is needed to tell; OutputError for a damaged manifest;
 *   DifferenceError for a file that is not what its manifest says
 */
export async function archivedRows(
  disk: Disk,
  archive: string,
  tables: readonly MessageTableName[],
  { has, sinceMs }: WantedRows,
  { present, damaged }: ReadHistoryOptions = {},
): Promise<ArchivedRows> {
  let history = await readArchiveHistory(disk, archive, present);
  const reader = new TableReader(disk, archive, history);
  const found = new Map<MessageTableName, ReadonlyMap<string, ArchivedRow>>();
  for (const table of tables) {
    const newest = new Map<string, ArchivedRow>();
    found.set(table, newest);
    if (!history.runs.some(({ tables: own }) => Object.hasOwn(own, table))) continue;
    // A file that lacks a column has no values of it.
    const columns = isOfMessages(table) ? versionedColumns : (storedColumns.get(table) ?? []).map(nullable);
    history = await intactHistory(reader, history, (one) => filesSince(one, table, sinceMs));
    for (const path of history.damaged ?? []) damaged?.add(path);
    for (const file of filesSince(history, table, sinceMs)) {
      await expectColumns(reader, file, neededColumns);
      for await (const batch of reader.rows(file, columns)) {
        for (const row of batch) {
          const { message_id: id, room_id: roomId } = row;
          const isWanted = typeof id === 'string' && typeof roomId === 'string' && has(id, table, roomId);
          if (isWanted) addNewest(newest, table, row);
        }
      }
    }
  }
  return found;
}

/** Whether a message has one row, which its version tells from others. */
function isOfMessages(table: MessageTableName): boolean {
  return wholeMessageTables.some((name) => name === table);
}

function nullable(spec: ColumnSpec): ColumnSpec {
  return { ...spec, nullable: true };
}

/** Keeps, by message, the newest row: see supersedes. A row that does not say what it is of counts for nothing. */
export function addNewest(newest: Map<string, ArchivedRow>, table: MessageTableName, row: Row): void {
  const { message_id: id, room_id: roomId, ts, op, run, updated_at: updatedAt } = row;
  if (typeof id !== 'string' || typeof roomId !== 'string' || typeof run !== 'number') return;
  const known = newest.get(id);
  const isDeleted = op === 'delete';
  if (!supersedes({ run, isDeleted }, known?.run)) return;
  const isSameRun = known?.run === run && !known.isDeleted;
  newest.set(ownCopy(id), {
    run,
    roomId: ownCopy(roomId),
    tsMs: ts instanceof Date ? ts.getTime() : 0,
    updatedAtMs: updatedAt instanceof Date ? updatedAt.getTime() : null,
    isDeleted,
    content: isOfMessages(table) ? '' : rowContent(table, row, isSameRun ? known.content : ''),
  });
}
