import type { Disk } from '../disk.ts';
import { UsageError } from '../errors.ts';
import type { ColumnSpec, Row } from '../tables/column.ts';
import { messageTables, roomsTable, schemaVersion, type MessageTableName } from '../tables/tables.ts';
import { tool } from '../version.ts';
import { readArchiveRuns, type ArchiveRun } from './archive-runs.ts';
import { currentColumns } from './current-columns.ts';
import { tableFiles, type TableFile } from './table-files.ts';
import { TableReader } from './table-reader.ts';
import { keyColumns, Versions, type KeyColumns } from './versions.ts';

export type CurrentTableName = MessageTableName | 'rooms';

/** The tables that can be asked for, in the order of `schema`. */
export const currentTableNames: readonly CurrentTableName[] = [
  ...Object.values(messageTables({ md: false })).map(({ name }) => name),
  'rooms',
];

/** The current rows of a table, to be read once. */
export interface CurrentTable {
  readonly name: CurrentTableName;
  readonly columns: readonly ColumnSpec[];
  /** For formats with a place for it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** In the archive's order: each message at the place of its newest version. Batches of some thousand at most. */
  readonly rows: AsyncIterable<readonly Row[]>;
}

/**
 * The current state of a table over all published runs of an archive: of every message its newest version, unless that
 * says that the message is gone; of a side table the elements of those versions; of the rooms the newest row of each.
 *
 * Changes nothing. Memory grows with the rows of files that may revise others, not with the archive.
 *
 * @throws UsageError when there is no archive, or it does not have what is needed to tell; OutputError for a damaged
 *   manifest; DifferenceError, now or while the rows are read, for a file that is not what its manifest says
 */
export async function currentTable(disk: Disk, archive: string, name: CurrentTableName): Promise<CurrentTable> {
  const runs = await readArchiveRuns(disk, archive);
  const files = tableFiles(runs, name);
  const reader = new TableReader(disk, archive);
  const versions = await versionsFor(reader, runs, files, name);
  const known = name === 'rooms' ? roomsTable.columns : messageTables({ md: true })[name].columns;
  const columns = await currentColumns(reader, files, known);
  const newest = runs.at(-1);
  return {
    name,
    columns,
    metadata: {
      schemaVersion: String(schemaVersion),
      tool: `${tool.name} ${tool.version}`,
      job: newest?.job ?? '',
      run: String(newest?.run ?? 0),
    },
    rows: currentRows(reader, files, columns, versions),
  };
}

async function* currentRows(
  reader: TableReader,
  files: readonly TableFile[],
  columns: readonly ColumnSpec[],
  versions: Versions,
): AsyncGenerator<readonly Row[]> {
  for (const file of files) {
    for await (const batch of reader.rows(file, columns)) {
      const current = versions.size === 0 ? batch.filter(isNoDeletion) : batch.filter((row) => versions.isCurrent(row));
      if (current.length > 0) yield current;
    }
  }
}

/** Where nothing has a second version the columns that tell versions apart may have been dropped. */
function isNoDeletion({ op }: Row): boolean {
  return op !== 'delete';
}

const messageKey: KeyColumns = { id: 'message_id', hasOp: true };
const roomKey: KeyColumns = { id: 'room_id', hasOp: false };

async function versionsFor(
  reader: TableReader,
  runs: readonly ArchiveRun[],
  files: readonly TableFile[],
  name: CurrentTableName,
): Promise<Versions> {
  switch (name) {
    case 'messages':
    case 'mentioned_messages':
      return versionsIn(
        reader,
        files.filter(({ revises }) => revises),
        messageKey,
      );
    case 'rooms':
      // A row for every run that found something in the room: few, and each newer than those before.
      return versionsIn(reader, files, roomKey);
    case 'mentions':
    case 'reactions':
    case 'attachments':
    case 'links':
      return elementVersions(reader, runs, name);
  }
}

async function versionsIn(reader: TableReader, files: readonly TableFile[], key: KeyColumns): Promise<Versions> {
  const versions = new Versions(key);
  for (const file of files) {
    for await (const batch of reader.rows(file, keyColumns(key))) for (const row of batch) versions.add(row);
  }
  return versions;
}

/**
 * Which version of a message the rows of side tables must be of: that of `messages`, and of a message that is not there
 * that of `mentioned_messages`, for so the elements of a message that both endpoints bring are written.
 *
 * The elements themselves cannot tell: an edit that takes the last mention away leaves no row in `mentions`.
 */
async function elementVersions(reader: TableReader, runs: readonly ArchiveRun[], name: string): Promise<Versions> {
  for (const { run, tables, messageTables: needed } of runs) {
    for (const table of needed) {
      if (Object.hasOwn(tables, table)) continue;
      throw new UsageError(
        `Cannot tell which rows of "${name}" are current: run ${run} read messages, and wrote no table "${table}"`,
        { hint: `Add "${table}" to the job's \`transform: {tables: […]}\`, and export into a new archive` },
      );
    }
  }
  const has = (table: string): boolean => runs.some(({ tables }) => Object.hasOwn(tables, table));
  const messages = has('messages') ? tableFiles(runs, 'messages') : [];
  const mentioned = has('mentioned_messages') ? tableFiles(runs, 'mentioned_messages') : [];
  const revising = (files: readonly TableFile[]): readonly TableFile[] => files.filter(({ revises }) => revises);
  const versions = await versionsIn(reader, revising(messages), messageKey);
  const others = await versionsIn(reader, revising(mentioned), messageKey);
  await addFirstVersions(reader, messages, others, versions);
  versions.addUnknown(others);
  return versions;
}

/** Adds messages that only `others` know to have several versions, as far as `files` have a first one. */
async function addFirstVersions(
  reader: TableReader,
  files: readonly TableFile[],
  others: Versions,
  versions: Versions,
): Promise<void> {
  let isNeeded = false;
  for (const id of others.ids()) isNeeded ||= !versions.has(id);
  if (!isNeeded) return;
  for (const file of files) {
    if (file.revises) continue;
    for await (const batch of reader.rows(file, keyColumns(messageKey))) {
      for (const row of batch) {
        const { message_id: id } = row;
        if (typeof id === 'string' && others.has(id) && !versions.has(id)) versions.add(row);
      }
    }
  }
}
