import { dirname, join } from 'node:path';
import type { ManifestFile } from '../archive/manifest/manifest.ts';
import { partPath } from '../archive/paths.ts';
import { dataFilePath } from '../archive/data-file-path.ts';
import type { ArchiveFile } from '../snapshot/archive-history.ts';
import type { Disk } from '../system/disk.ts';
import { DifferenceError, OutputError } from '../errors.ts';
import { readDataFile } from '../readers/read-data-file.ts';
import type { TableWriter } from '../sinks/sink.ts';
import { createSink } from '../sinks/sinks.ts';
import type { Row } from '../model/column.ts';
import { checkFile } from './check-file.ts';
import type { GroupRewrite, RewrittenFiles } from './plan-group.ts';
import { RowDigest } from './row-digest.ts';
import type { StoredSchema } from './stored-schema.ts';

export interface RewriteContext {
  readonly disk: Disk;
  readonly archive: string;
  /** Number of the compaction. */
  readonly run: number;
  readonly rowsPerFile: number;
  /** For formats with a place for it; takes the place of what the replaced files said. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onFileRead?: (file: ArchiveFile) => void;
}

export interface RewrittenGroup {
  /** Whole and flushed, in `_work/parts`. */
  readonly files: readonly ManifestFile[];
  /** Rows that did not stay, by the number of the run that wrote them. */
  readonly dropped: ReadonlyMap<number, number>;
}

/**
 * Writes the rows of a group's files into new ones under `_work/parts`, one file at a time. Each new file is read back
 * and its rows are compared with those that went into it: the old ones are going to be removed.
 *
 * @throws DifferenceError for a file that is not what its manifest says; OutputError when one cannot be read or written
 */
export async function rewriteGroup(
  context: RewriteContext,
  { group, runsOfFiles, isCurrent }: GroupRewrite,
): Promise<RewrittenGroup> {
  const { disk, archive, run, rowsPerFile, signal } = context;
  const { table, folder, extension, format } = group;
  const partition = folder === table ? undefined : folder.slice(table.length + 1);
  const files: ManifestFile[] = [];
  const dropped = new Map<number, number>();
  let open: OpenFile | undefined;

  const openFile = async ({ schema, mayReplace }: RewrittenFiles): Promise<OpenFile> => {
    const path = dataFilePath(table, run, files.length + 1, extension, partition);
    const place = join(archive, partPath(path));
    await disk.makeFolder(dirname(place));
    const metadata = { ...schema.metadata, ...context.metadata };
    const writer = await createSink(schema.options, disk).open(place, { table, columns: schema.columns, metadata });
    open = { path, place, writer, schema, mayReplace, digest: new RowDigest() };
    return open;
  };
  const closeFile = async ({ path, place, writer, schema, mayReplace, digest }: OpenFile): Promise<void> => {
    open = undefined;
    const { rows, sizeBytes, sha256 } = await writer.close();
    await checkWritten(disk, place, schema, digest);
    files.push({ path, table, format, rows, ...(mayReplace && { mayReplace: true as const }), sizeBytes, sha256 });
  };
  const write = async (runOfFiles: RewrittenFiles, rows: readonly Row[]): Promise<void> => {
    for (let from = 0; from < rows.length;) {
      if (open?.digest.rows === rowsPerFile) await closeFile(open);
      const file = open ?? (await openFile(runOfFiles));
      const piece = rows.slice(from, from + rowsPerFile - file.digest.rows);
      file.digest.add(piece);
      await file.writer.write(piece);
      from += piece.length;
    }
  };

  try {
    for (const runOfFiles of runsOfFiles) {
      for (const file of runOfFiles.files) {
        for await (const rows of rowsOf(context, file, runOfFiles.schema)) {
          signal?.throwIfAborted();
          await write(runOfFiles, isCurrent === undefined ? rows : keptRows(rows, isCurrent, dropped));
        }
        context.onFileRead?.(file);
      }
      if (open !== undefined) await closeFile(open);
    }
    const last = runsOfFiles.at(-1);
    // A folder keeps a file with its columns, whoever looks for it.
    if (files.length === 0 && last !== undefined) await closeFile(await openFile(last));
  } catch (error) {
    await open?.writer.abort();
    throw error;
  }
  return { files, dropped };
}

interface OpenFile {
  /** Its final path, relative to the archive. */
  readonly path: string;
  /** Absolute: where it is now. */
  readonly place: string;
  readonly writer: TableWriter;
  readonly schema: StoredSchema;
  readonly mayReplace: boolean;
  /** Of the rows that went into it. */
  readonly digest: RowDigest;
}

/** The rows of a file that is, byte for byte, what its manifest says. */
async function* rowsOf(
  { disk, archive }: RewriteContext,
  file: ArchiveFile,
  { format, columns }: StoredSchema,
): AsyncGenerator<readonly Row[]> {
  await checkFile(disk, archive, file);
  if (file.rows === 0) return;
  let read = 0;
  for await (const rows of readDataFile(disk, { path: join(archive, file.path), format }, columns)) {
    read += rows.length;
    yield rows;
  }
  if (read !== file.rows) {
    throw new DifferenceError(
      `Cannot compact "${join(archive, file.path)}": its manifest says ${file.rows} rows, and ${read} were read`,
      { hint: 'Nothing was changed. `verify` names every file that is not what it was' },
    );
  }
}

function keptRows(
  rows: readonly Row[],
  isCurrent: (row: Row) => boolean,
  dropped: Map<number, number>,
): readonly Row[] {
  return rows.filter((row) => {
    if (isCurrent(row)) return true;
    const run = Number(row['run']);
    dropped.set(run, (dropped.get(run) ?? 0) + 1);
    return false;
  });
}

async function checkWritten(
  disk: Disk,
  path: string,
  { format, columns }: StoredSchema,
  wanted: RowDigest,
): Promise<void> {
  const found = new RowDigest();
  if (wanted.rows > 0) for await (const rows of readDataFile(disk, { path, format }, columns)) found.add(rows);
  if (found.rows === wanted.rows && found.end() === wanted.end()) return;
  throw new OutputError(`Cannot compact into "${path}": the rows read back from it are not those written to it`, {
    hint: 'Nothing was changed. Check the disk and the memory of this machine, then run the same command again',
  });
}
