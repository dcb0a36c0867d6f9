import { isFileKind } from '../model/flat-message.ts';
import { ownCopy } from '../model/text/own-copy.ts';
import type { ArchiveHistory, ArchiveRun } from '../snapshot/archive-history.ts';
import { intactRows } from '../snapshot/intact/intact-rows.ts';
import { supersedes } from '../snapshot/versions/newest-version.ts';
import type { TableFile } from '../snapshot/table-files.ts';
import { TableReader } from '../snapshot/table-reader.ts';
import { canonicalJson } from '../model/json/canonical-json.ts';
import type { AttachmentOptions } from '../model/files/attachment-options.ts';
import type { Row } from '../model/column.ts';
import { type FileReference, type FileStatus, fileStatuses, isSaved } from '../model/files/file-reference.ts';
import { isRecord } from '../model/json/is-record.ts';
import { filesTableName, wholeMessageTables } from '../model/table-name.ts';
import { leftByCompactions, type LatestCompactions } from './left-by-compactions.ts';
import { inOrder, isRowBefore, type ShownRow } from './row-order.ts';
import { ShownAvatars } from './shown-avatars.ts';
import type { Disk } from '../system/disk.ts';

/** A file that earlier runs did not save, and why. */
export interface UnsavedFile {
  readonly reference: FileReference;
  readonly status: FileStatus;
  readonly error: string | null;
}

/** What an archive has of files of messages, and what it lacks. */
export interface ArchivedFiles {
  /** Paths of those that are saved. */
  readonly savedPaths: readonly string[];
  /** By id, in the order of their runs and ids. */
  readonly unsaved: ReadonlyMap<string, UnsavedFile>;
  /** Files of messages of runs that saved none, or others than the job wants now, in the order of their runs and ids. */
  readonly unlooked: readonly FileReference[];
  /** Messages that these runs deleted. */
  readonly goneMessageIds: ReadonlySet<string>;
  /** By id, names of rooms, which rows of files and attachments do not have. */
  readonly roomNames: ReadonlyMap<string, string>;
}

export const nothingArchived: ArchivedFiles = {
  savedPaths: [],
  unsaved: new Map(),
  unlooked: [],
  goneMessageIds: new Set(),
  roomNames: new Map(),
};

/**
 * Looks up what earlier runs saved, what they could not, and what they did not set out to.
 *
 * @param latest compactions by which the archive has lost rows that these tables still have; default: none
 * @throws UsageError when the archive does not have what is needed to tell; DifferenceError for a file that is not what its
 *   manifest says
 */
export async function archivedFiles(
  disk: Disk,
  archive: string,
  history: ArchiveHistory,
  options: AttachmentOptions,
  latest: LatestCompactions = new Map(),
): Promise<ArchivedFiles> {
  const reader = new TableReader(disk, archive, history);
  const { runs } = history;
  const unsaved = runs.some(({ tables }) => Object.hasOwn(tables, filesTableName))
    ? await unsavedFiles(reader, history)
    : nothingArchived.unsaved;
  // A run that wanted the same has looked at all before it.
  const looked = runs.findLastIndex(({ tables, attachments }) => {
    const isSame = attachments !== null && canonicalJson({ ...attachments }) === canonicalJson({ ...options });
    return isSame && Object.hasOwn(tables, filesTableName);
  });
  const others = runs.filter((_, index) => index > looked);
  return {
    // What a purge removed is wanted again where a message that is there shows it: one that is held since, or a forward.
    savedPaths: history.everyRun.flatMap(({ savedFiles }) =>
      savedFiles.filter((path) => !history.removedFiles.has(path)),
    ),
    unsaved,
    roomNames: history.roomNames,
    ...(await shownIn(reader, history, others, { wantsAvatars: options.avatars === true, latest })),
  };
}

async function unsavedFiles(reader: TableReader, history: ArchiveHistory): Promise<ReadonlyMap<string, UnsavedFile>> {
  const newest = new Map<string, { readonly run: number; readonly unsaved: UnsavedFile | null }>();
  for await (const row of rowsOf(reader, history, filesTableName)) {
    const { file_id: fileId, run, status } = row;
    const known = fileStatuses.find((one) => one === status);
    if (typeof fileId !== 'string' || typeof run !== 'number' || known === undefined) continue;
    if (!supersedes({ run, isDeleted: false }, newest.get(fileId)?.run)) continue;
    const unsaved = { status: known, error: ownTextOf(row['error']), reference: referenceOf(fileId, row, row) };
    newest.set(unsaved.reference.fileId, { run, unsaved: isSaved(unsaved) ? null : unsaved });
  }
  const ordered = inOrder([...newest].map(([id, { run, unsaved }]) => ({ run, id, unsaved })));
  return new Map(ordered.flatMap(({ id, unsaved }) => (unsaved === null ? [] : [[id, unsaved] as const])));
}

/** A file as the first message shows it. */
interface ShownFile extends ShownRow {
  readonly reference: FileReference;
}

async function shownIn(
  reader: TableReader,
  history: ArchiveHistory,
  runs: readonly ArchiveRun[],
  { wantsAvatars, latest }: { readonly wantsAvatars: boolean; readonly latest: LatestCompactions },
): Promise<Pick<ArchivedFiles, 'unlooked' | 'goneMessageIds'>> {
  const references = new Map<string, ShownFile>();
  const goneMessageIds = new Set<string>();
  const numbers = new Set(runs.map(({ run }) => run));
  const note = (row: Row, attachment: Readonly<Record<string, unknown>>): void => {
    const { file_id: fileId, kind } = attachment;
    const { run } = row;
    if (typeof fileId !== 'string' || typeof kind !== 'string' || !isFileKind(kind) || typeof run !== 'number') return;
    const known = references.get(fileId);
    if (known !== undefined && !isRowBefore({ run, id: ownTextOf(row['message_id']) ?? '' }, known)) return;
    const { title: name, ...rest } = attachment;
    const reference = referenceOf(fileId, row, { ...rest, name });
    references.set(reference.fileId, { run, id: reference.messageId ?? '', reference });
  };
  const avatars = new ShownAvatars();
  for (const table of sourcesOf(runs, wantsAvatars)) {
    const isLeft = await leftByCompactions(reader, history, table, latest);
    for await (const row of rowsOf(reader, history, table, isLeft)) {
      const { run, op, message_id: messageId, attachments } = row;
      if (typeof run !== 'number' || !numbers.has(run)) continue;
      if (op === 'delete' && typeof messageId === 'string') goneMessageIds.add(messageId);
      if (wantsAvatars) avatars.note(row);
      if (table === 'attachments') note(row, row);
      else if (Array.isArray(attachments)) for (const one of attachments) if (isRecord(one)) note(row, one);
    }
  }
  const unlooked = inOrder(
    [...references.values()].map(({ run, reference }) => ({ run, id: reference.fileId, reference })),
  );
  return { unlooked: [...unlooked.map(({ reference }) => reference), ...avatars.references], goneMessageIds };
}

/** The side table is the smaller one. */
function sourcesOf(runs: readonly ArchiveRun[], wantsAvatars: boolean): readonly string[] {
  const has = (table: string) => (run: ArchiveRun) => Object.hasOwn(run.tables, table);
  if (!wantsAvatars && runs.length > 0 && runs.every(has('attachments'))) return ['attachments'];
  return [...wholeMessageTables, 'attachments'].filter((table) => runs.some(has(table)));
}

const needed: ReadonlySet<string> = new Set([
  ...['file_id', 'message_id', 'room_id', 'room_name', 'name', 'title', 'kind', 'mime_type', 'size_bytes'],
  ...['status', 'error', 'attachments', 'op', 'run', 'user_id', 'username', 'room_type', 'ts'],
]);

async function* rowsOf(
  reader: TableReader,
  history: ArchiveHistory,
  table: string,
  isWanted: (file: TableFile, row: Row) => boolean = () => true,
): AsyncGenerator<Row> {
  for await (const { file, rows } of intactRows(reader, history, table, needed)) {
    for (const row of rows) if (isWanted(file, row)) yield row;
  }
}

function referenceOf(fileId: string, message: Row, file: Readonly<Record<string, unknown>>): FileReference {
  const { size_bytes: sizeBytes } = file;
  return {
    fileId: ownCopy(fileId),
    messageId: ownTextOf(message['message_id']),
    roomId: ownTextOf(message['room_id']),
    roomName: ownTextOf(message['room_name']),
    name: ownTextOf(file['name']),
    mimeType: ownTextOf(file['mime_type']),
    sizeBytes: typeof sizeBytes === 'number' ? sizeBytes : null,
  };
}

function ownTextOf(value: unknown): string | null {
  return typeof value === 'string' ? ownCopy(value) : null;
}
