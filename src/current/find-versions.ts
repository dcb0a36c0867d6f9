import { UsageError } from '../errors.ts';
import type { Row } from '../tables/column.ts';
import type { MessageTableName } from '../tables/tables.ts';
import type { ArchiveHistory } from './archive-runs.ts';
import { tableFiles, type TableFile } from './table-files.ts';
import type { TableReader } from './table-reader.ts';
import { keyColumns, Versions, type KeyColumns } from './versions.ts';

/** Whether a row is current. Where nothing has a second version the columns that tell versions apart may have been dropped. */
export function currentFilter(versions: Versions): (row: Row) => boolean {
  return versions.size === 0 ? ({ op }) => op !== 'delete' : (row) => versions.isCurrent(row);
}

const messageKey: KeyColumns = { id: 'message_id', hasOp: true };
const roomKey: KeyColumns = { id: 'room_id', hasOp: false };
const versionKey: KeyColumns = { id: 'version_id', hasOp: false };

/**
 * The newest version of whatever in a table has, or may have, more than one.
 *
 * @throws UsageError when the archive does not have what is needed to tell; DifferenceError for a file that is not what
 *   its manifest says
 */
export async function findVersions(
  reader: TableReader,
  history: ArchiveHistory,
  name: MessageTableName | 'rooms',
): Promise<Versions> {
  switch (name) {
    case 'messages':
    case 'mentioned_messages':
      return versionsIn(
        reader,
        tableFiles(history, name).filter(({ revises }) => revises),
        messageKey,
      );
    case 'message_versions':
      // What an edit left behind never changes; a room that is read anew brings it again.
      return versionsIn(
        reader,
        tableFiles(history, name).filter(({ revises }) => revises),
        versionKey,
      );
    case 'rooms':
      // A row for every run that found something in the room: few, and each newer than those before.
      return versionsIn(reader, tableFiles(history, name), roomKey);
    case 'mentions':
    case 'reactions':
    case 'attachments':
    case 'links':
      return elementVersions(reader, history, name);
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
async function elementVersions(reader: TableReader, history: ArchiveHistory, name: string): Promise<Versions> {
  const { runs } = history;
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
  const messages = has('messages') ? tableFiles(history, 'messages') : [];
  const mentioned = has('mentioned_messages') ? tableFiles(history, 'mentioned_messages') : [];
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
