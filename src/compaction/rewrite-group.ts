import { dirname, join } from 'node:path';
import type { ManifestFile } from '../archive/manifest/manifest.ts';
import { partPath } from '../archive/paths.ts';
import { dataFilePath } from '../archive/paths/data-file-path.ts';
import type { ArchiveFile } from '../snapshot/archive-history.ts';
import type { Disk } from '../system/disk.ts';
import { DifferenceError, OutputError } from '../errors.ts';
import { checkFile } from './check-file.ts';
import { canCopyByColumns, copyByColumns } from './copy/copy-by-columns.ts';
import { copyByRows } from './copy/copy-by-rows.ts';
import type { CopyTarget, DroppedRows, RowCopy } from './copy/row-copy.ts';
import type { GroupRewrite, RewrittenFiles } from './plan-group.ts';

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
  { group, runsOfFiles, isCurrent, revise }: GroupRewrite,
): Promise<RewrittenGroup> {
  const { disk, archive, run, rowsPerFile, signal } = context;
  const { table, partition, extension, format } = group;
  const files: ManifestFile[] = [];
  const dropped: DroppedRows = new Map();

  async function rewriteRun<Batch>(runOfFiles: RewrittenFiles, copy: RowCopy<Batch>): Promise<void> {
    const { schema, mayReplace } = runOfFiles;
    let open: OpenFile<Batch> | undefined;
    const openFile = async (): Promise<OpenFile<Batch>> => {
      const path = dataFilePath({ table, partition, run, part: files.length + 1, extension });
      const place = join(archive, partPath(path));
      await disk.makeFolder(dirname(place));
      const metadata = { ...schema.metadata, ...context.metadata };
      open = { path, place, target: await copy.open(place, { table, columns: schema.columns, metadata }) };
      return open;
    };
    const closeFile = async ({ path, place, target }: OpenFile<Batch>): Promise<void> => {
      open = undefined;
      const { rows, sizeBytes, sha256 } = await target.writer.close();
      await checkWritten(copy, place, target);
      files.push({ path, table, format, rows, ...(mayReplace && { mayReplace: true as const }), sizeBytes, sha256 });
    };
    try {
      for (const file of runOfFiles.files) {
        for await (const batch of batchesOf(context, file, copy)) {
          signal?.throwIfAborted();
          if (isCurrent !== undefined) copy.keepCurrent(batch, isCurrent, dropped);
          while (copy.hasLeft(batch)) {
            if (open?.target.rows === rowsPerFile) await closeFile(open);
            await (open ?? (await openFile())).target.write(batch, rowsPerFile);
          }
        }
        context.onFileRead?.(file);
      }
      if (open !== undefined) await closeFile(open);
      // A folder keeps a file with its columns, whoever looks for it.
      if (files.length === 0 && runOfFiles === runsOfFiles.at(-1)) await closeFile(await openFile());
    } catch (error) {
      await open?.target.writer.abort();
      throw error;
    }
  }

  for (const runOfFiles of runsOfFiles) {
    const paths = runOfFiles.files.filter(({ rows }) => rows > 0).map(({ path }) => join(archive, path));
    const { schema } = runOfFiles;
    if (revise === undefined && (await canCopyByColumns(disk, schema, paths)))
      await rewriteRun(runOfFiles, copyByColumns(disk, schema));
    else await rewriteRun(runOfFiles, copyByRows(disk, schema, revise));
  }
  return { files, dropped };
}

interface OpenFile<Batch> {
  /** Its final path, relative to the archive. */
  readonly path: string;
  /** Absolute: where it is now. */
  readonly place: string;
  readonly target: CopyTarget<Batch>;
}

/** The rows of a file that is, byte for byte, what its manifest says. */
async function* batchesOf<Batch>(
  { disk, archive }: RewriteContext,
  file: ArchiveFile,
  copy: RowCopy<Batch>,
): AsyncGenerator<Batch> {
  await checkFile(disk, archive, file);
  if (file.rows === 0) return;
  let read = 0;
  for await (const batch of copy.read(join(archive, file.path))) {
    read += copy.rowsOf(batch);
    yield batch;
  }
  if (read !== file.rows) {
    throw new DifferenceError(
      `Cannot compact "${join(archive, file.path)}": its manifest says ${file.rows} rows, and ${read} were read`,
      { hint: 'Nothing was changed. `verify` names every file that is not what it was' },
    );
  }
}

async function checkWritten<Batch>(copy: RowCopy<Batch>, path: string, written: CopyTarget<Batch>): Promise<void> {
  if (written.rows === 0) return;
  const { rows, digest } = await copy.digestOf(path);
  if (rows === written.rows && digest === written.digest()) return;
  throw new OutputError(`Cannot compact into "${path}": the rows read back from it are not those written to it`, {
    hint: 'Nothing was changed. Check the disk and the memory of this machine, then run the same command again',
  });
}
