import type { Coverage, Incomplete, Outdated } from '../../../../src/archive/manifest/coverage.ts';
import type { TableName } from '../../../../src/model/table-name.ts';
import { inRanges } from './in-ranges.ts';

/** Of every table. */
const ofEveryTable: readonly string[] = [
  // The runs of this archive, counted from its own first one.
  ...['run', 'first_run', 'last_run'],
  // docs/tables.md: what the room was called, and which kind it was, when the run started that wrote the row.
  ...['room_name', 'room_title', 'room_type'],
];

const ofTables: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  // Of a message whose deletion the server reported once: a later reading of everything is told of no deletions.
  messages: ['deleted_at'],
  mentioned_messages: ['deleted_at'],
  message_versions: ['deleted_at'],
  // A row is not written again for a room's counters alone.
  rooms: ['message_count', 'members_count', 'last_message_at'],
  // docs/job-file.md, users and members: which list has shown the user, and what the others do not show is null.
  users: ['source', 'utc_offset_minutes', 'roles', 'active', 'type', 'is_bot'],
  // The same: a username is that of the time when the members were read.
  room_members: ['username', 'name'],
};

/** Columns that a run which found the row unchanged leaves as they were, although a first run would write others now. */
export function isOfItsTime(table: TableName, column: string): boolean {
  return ofEveryTable.includes(column) || ofTables[table]?.includes(column) === true;
}

/** What the manifest of the last run names. */
type Named = Pick<Coverage, 'incomplete' | 'outdated'>;

/** Whether it is said that a table lacks rows, of this room. */
export function isNamedMissing({ incomplete = [] }: Named, table: TableName, roomId: unknown): boolean {
  return incomplete.some(
    (one) =>
      one.table === table &&
      one.format === null &&
      one.columns === null &&
      // A first run finds no accounts that were deleted before, either.
      !one.because.includes('deleted before') &&
      isOfRoom(one, roomId),
  );
}

/** Whether it is said that a column is null in rows of this run. */
export function isNamedNull(
  { incomplete = [] }: Named,
  { table, column, run, roomId }: { table: TableName; column: string; run: number; roomId: unknown },
): boolean {
  return incomplete.some(
    (one) =>
      one.table === table &&
      one.format === null &&
      one.columns?.includes(column) === true &&
      (one.runs.length === 0 || inRanges(one.runs, run)) &&
      isOfRoom(one, roomId),
  );
}

/** Whether it is said that the job would write rows of this run otherwise now. */
export function isNamedOutdated({ outdated = [] }: Named, table: TableName, run: number): boolean {
  return outdated.some((one) => one.table === table && inRanges(one.runs, run));
}

/** Whether it is said that some rows of the table show people otherwise than the job wants now. */
export function isNamedPeople({ outdated = [] }: Named, table: TableName): boolean {
  return outdated.some((one) => one.table === table && one.because.includes('pseudonym'));
}

function isOfRoom({ rooms }: Incomplete | Outdated, roomId: unknown): boolean {
  return rooms === undefined || rooms.some(({ id }) => id === roomId);
}
