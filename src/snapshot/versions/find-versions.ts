import { firstSchemaWithDeletions } from '../../tables/stored-columns.ts';
import { ownCopy } from '../../model/text/own-copy.ts';
import { UsageError } from '../../errors.ts';
import type { Row } from '../../model/column.ts';
import type { TableName } from '../../model/table-name.ts';
import { hasSeveralRows, rowKeys } from '../../tables/rows/row-key.ts';
import type { ArchiveHistory } from '../archive-history.ts';
import { SeenIds } from './seen-ids.ts';
import { filesOfRuns, rowsInFiles, tableFiles, type TableFile } from '../table-files.ts';
import type { TableReader } from '../table-reader.ts';
import { expectKeys } from './expect-keys.ts';
import { keyColumns, Versions, type KeyColumns } from './versions.ts';

/**
 * Whether a row is current, to be asked once for each row of the table. Where nothing has a second version the columns
 * that tell versions apart may have been dropped.
 */
export function currentFilter(versions: Versions): (row: Row) => boolean {
  return versions.size === 0 ? ({ op }) => op !== 'delete' : versions.currentOnce();
}

const messageKey = keyOf('messages');

/** What tells versions of a table's rows apart. */
export function keyOf(name: TableName): KeyColumns {
  // What an edit left behind is never deleted.
  const hasOp = name !== 'message_versions';
  return { ids: rowKeys[name], hasOp, hasElements: hasSeveralRows(name) };
}

/**
 * The newest version of whatever in a table has more than one: the greatest run decides, nothing else.
 *
 * @throws UsageError when the archive does not have what is needed to tell; DifferenceError for a file that is not what
 *   its manifest says
 */
export async function findVersions(reader: TableReader, history: ArchiveHistory, name: TableName): Promise<Versions> {
  expectKeys(history, name);
  if (hasSeveralRows(name)) return elementVersions(reader, history, name);
  // What an edit left behind never changes; a room that is read anew brings it again.
  return versionsIn(reader, tableFiles(history, name), keyOf(name));
}

/**
 * Files that say that they revise others are where second versions are looked for first. That is a hint, no more: of all
 * other files it is checked that none of their ids comes again, in 16 bytes per id, and what does is looked up once more.
 */
async function versionsIn(reader: TableReader, files: readonly TableFile[], key: KeyColumns): Promise<Versions> {
  const versions = new Versions(key);
  const others = files.filter(({ mayReplace }) => !mayReplace);
  for (const file of files) {
    if (!file.mayReplace) continue;
    for await (const batch of reader.rows(file, keyColumns(key))) {
      for (const row of batch) versions.add(versions.expect(row));
    }
  }
  const seen = new SeenIds(rowsInFiles(others));
  const again = new Set<string>();
  for (const file of others) {
    for await (const batch of reader.rows(file, keyColumns(key))) {
      for (const row of batch) {
        const version = versions.read(row);
        if (version === undefined) continue;
        if (versions.has(version.id)) versions.add(version);
        const first = seen.note(version.id, version.run);
        const isAgain = first !== undefined && (key.hasElements !== true || first !== version.run);
        if (isAgain && !versions.has(version.id)) again.add(ownCopy(version.id));
      }
    }
  }
  if (again.size === 0) return versions;
  for (const file of others) {
    for await (const batch of reader.rows(file, keyColumns(key))) {
      for (const row of batch) {
        const version = versions.read(row);
        if (version !== undefined && again.has(version.id)) versions.add(version);
      }
    }
  }
  return versions;
}

/**
 * Which version of a message the rows of a side table must be of. The table itself says so, for a message that has lost its
 * last element has a row that says so, and what a job without the table missed is brought when it makes the table again.
 * Of runs of older programs, which wrote no such rows, the message tables say it: by `messages`, and of a message that is
 * not there by `mentioned_messages`.
 */
async function elementVersions(reader: TableReader, history: ArchiveHistory, name: TableName): Promise<Versions> {
  const versions = await versionsIn(reader, tableFiles(history, name), keyOf(name));
  const silent = history.runs.filter(({ schemaVersion }) => schemaVersion < firstSchemaWithDeletions);
  for (const { run, tables, messageTables: needed } of silent) {
    for (const table of needed) {
      if (Object.hasOwn(tables, table)) continue;
      throw new UsageError(
        `Cannot determine which rows of "${name}" are current: run ${run} read messages, and wrote no table "${table}"`,
        { hint: `Add "${table}" to the job's \`transform: {tables: […]}\`, and export into a new archive` },
      );
    }
  }
  const runs = new Set(silent.map(({ run }) => run));
  const filesOf = (table: string): readonly TableFile[] =>
    silent.some(({ tables }) => Object.hasOwn(tables, table)) ? filesOfRuns(tableFiles(history, table), runs) : [];
  const messages = filesOf('messages');
  const ofMessages = await versionsIn(reader, messages, messageKey);
  const others = await versionsIn(reader, filesOf('mentioned_messages'), messageKey);
  await addFirstVersions(reader, messages, others, ofMessages);
  for (const id of ofMessages.ids()) others.forget(id);
  versions.raise(ofMessages);
  versions.raise(others);
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
  const wanted = new Set([...others.ids()].filter((id) => !versions.has(id)));
  for (const file of files) {
    for await (const batch of reader.rows(file, keyColumns(messageKey))) {
      for (const row of batch) {
        const version = versions.expect(row);
        if (wanted.has(version.id)) versions.add(version);
      }
    }
  }
}
