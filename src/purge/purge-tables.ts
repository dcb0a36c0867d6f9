import { fileGroupsOf } from '../compaction/file-groups.ts';
import type { RewrittenTable } from '../compaction/add-up.ts';
import { rewriteGroup, type RewriteContext } from '../compaction/rewrite-group.ts';
import { splitIntoRuns } from '../compaction/runs-of-files.ts';
import { schemaOf, type FileWithSchema } from '../compaction/stored-schema.ts';
import { upgradeSchemas } from '../compaction/upgrade-schemas.ts';
import { UsageError } from '../errors.ts';
import { avatarId } from '../model/files/avatar.ts';
import type { ColumnSpec, Row } from '../model/column.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { isReadableFormat } from '../readers/data-file.ts';
import type { ArchiveFile, ArchiveHistory } from '../snapshot/archive-history.ts';
import type { TableReader } from '../snapshot/table-reader.ts';
import { filesTableName, type TableName } from '../model/table-name.ts';
import type { Purged } from './find-purged.ts';
import { messagePlaces } from './message-places.ts';
import type { StillShown } from './still-shown.ts';

/**
 * Writes every file that has rows of what is purged anew without them, under `_work/parts`: in `files` a row stays where
 * another message shows the file, and names that. Files without such rows are not touched.
 *
 * @throws UsageError for a file that cannot be read or written again; DifferenceError for one that is not what its manifest
 *   says; OutputError. Nothing of the archive is changed
 */
export async function purgeTables(
  context: RewriteContext,
  reader: TableReader,
  { files }: Pick<ArchiveHistory, 'files'>,
  purged: Purged,
  shown: StillShown,
): Promise<readonly RewrittenTable[]> {
  const rewritten: RewrittenTable[] = [];
  for (const group of fileGroupsOf(files)) {
    const isPurged = rowCheck(group.table, purged);
    if (isPurged === undefined) continue;
    const affected: FileWithSchema[] = [];
    for (const file of group.files) {
      context.signal?.throwIfAborted();
      if (!(await hasAny(reader, file, isPurged))) continue;
      const found = await schemaOf(context.disk, context.archive, file);
      if (found.kind === 'unknown') refuse(file, found.because);
      affected.push({ file, schema: found.schema });
    }
    if (affected.length === 0) continue;
    const known = upgradeSchemas(group.table, affected);
    // As in a compaction: what may replace rows stays apart from what it replaces.
    const runsOfFiles = [false, true].flatMap((mayReplace) =>
      splitIntoRuns(known.filter(({ file }) => file.mayReplace === mayReplace)).map((runOfFiles) => ({
        ...runOfFiles,
        mayReplace,
      })),
    );
    const isCurrent = (row: Row): boolean => !isPurged(row);
    const revise = group.table === filesTableName ? ownedByOthers(isPurged, shown) : undefined;
    const made = await rewriteGroup(context, { group, runsOfFiles, isCurrent, ...omitUndefined({ revise }) });
    rewritten.push({ ...group, ...made, replaces: affected.map(({ file }) => file) });
  }
  return rewritten;
}

/** undefined: the table has no such rows. */
function rowCheck(table: string, { messageIds, userIds }: Purged): ((row: Row) => boolean) | undefined {
  if (!isTableName(table)) return undefined;
  const column = messagePlaces[table];
  if (column === null) return undefined;
  if (table === 'files') {
    const avatars = new Set([...userIds].map((id) => avatarId('user', id)));
    if (messageIds.size === 0 && avatars.size === 0) return undefined;
    return ({ message_id: id, file_id: fileId }) =>
      typeof id === 'string' ? messageIds.has(id) : typeof fileId === 'string' && avatars.has(fileId);
  }
  const ids = column === 'message_id' ? messageIds : userIds;
  if (ids.size === 0) return undefined;
  return ({ [column]: id }) => typeof id === 'string' && ids.has(id);
}

/** Names a file with the message that shows it and stays. */
function ownedByOthers(isPurged: (row: Row) => boolean, shown: StillShown): ((row: Row) => Row) | undefined {
  if (shown.size === 0) return undefined;
  return (row) => {
    const { file_id: fileId } = row;
    const other = typeof fileId === 'string' && isPurged(row) ? shown.get(fileId) : undefined;
    if (other === undefined) return row;
    return { ...row, message_id: other.messageId, ...('room_id' in row && { room_id: other.roomId }) };
  };
}

function isTableName(table: string): table is TableName {
  return Object.hasOwn(messagePlaces, table);
}

async function hasAny(reader: TableReader, file: ArchiveFile, isPurged: (row: Row) => boolean): Promise<boolean> {
  const { format } = file;
  if (file.rows === 0) return false;
  if (!isReadableFormat(format)) refuse(file, 'only the sink that wrote them knows the format');
  const columns = ['message_id', 'user_id', 'file_id'].map((name): ColumnSpec => ({
    name,
    type: { kind: 'string' },
    nullable: true,
  }));
  const present = await reader.columns({ ...file, format });
  const needed = columns.filter(({ name }) => present === null || present.includes(name));
  for await (const batch of reader.rows({ ...file, format }, needed)) if (batch.some(isPurged)) return true;
  return false;
}

function refuse({ path }: ArchiveFile, because: string): never {
  throw new UsageError(`Cannot purge "${path}": files like it cannot be written again: ${because}`, {
    hint: 'Nothing was changed. An archive that is begun by a job without that format can be purged',
  });
}
