import { join } from 'node:path';
import { sinkKey, sinkOf } from '../archive/sink-key.ts';
import { describeDataFile } from '../readers/describe-data-file.ts';
import { fileExtensions, type FileExtension, type SchemaTable } from '../schemas/schema-request.ts';
import type { ArchiveHistory } from '../snapshot/archive-history.ts';
import { mayHoldSuperseded } from '../snapshot/superseded/superseded-runs.ts';
import { tableFiles, type TableFile } from '../snapshot/table-files.ts';
import type { Disk } from '../system/disk.ts';

/** Files of a table that can be read in one go: of one format and, in text, with the same columns. */
export interface ViewedFiles {
  readonly extension: FileExtension;
  /** null: those that the table may have; only Parquet, which names its own. */
  readonly columns: readonly string[] | null;
  readonly delimiter?: string;
  readonly paths: readonly string[];
  /** Of which runs the rows count, where others stand in another format; null: of all. */
  readonly onlyRuns: readonly number[] | null;
}

/** A table as an archive has it. */
export interface ArchivedTable {
  readonly table: SchemaTable;
  /** Together they hold every row once. */
  readonly groups: readonly ViewedFiles[];
  /** Whether those are all of its files with that ending, so that later ones may be read, too: none is superseded. */
  readonly isOneFormat: boolean;
  /** Columns of the newest file. */
  readonly newest: ReadonlySet<string>;
}

/** Looks into the first line of each text file, and of Parquet into the newest file only. */
export async function archivedTable(
  disk: Disk,
  archive: string,
  history: ArchiveHistory,
  table: SchemaTable,
): Promise<ArchivedTable> {
  const files = tableFiles(history, table.name);
  const groups = new Map<string, ViewedFiles>();
  let newest: readonly string[] = [];
  for (const [index, file] of files.entries()) {
    const { extension } = sinkOf(file);
    const known = fileExtensions.find((ending) => ending === extension);
    if (known === undefined) continue;
    const isText = file.format !== 'parquet';
    const described =
      isText || index === files.length - 1
        ? await describeDataFile(disk, { path: join(archive, file.path), format: file.format })
        : undefined;
    newest = described?.columns ?? newest;
    // Of lines of JSON without rows nobody can tell the columns, and there is nothing to read.
    if (isText && described?.columns === null) continue;
    const options = described?.options;
    const group: ViewedFiles = {
      extension: known,
      columns: isText ? (described?.columns ?? null) : null,
      ...(options?.format === 'csv' && options.delimiter !== undefined && { delimiter: options.delimiter }),
      paths: [file.path],
      onlyRuns: runsOf(file),
    };
    const key = JSON.stringify({ ...group, paths: null });
    groups.set(key, { ...group, paths: [...(groups.get(key)?.paths ?? []), file.path] });
  }
  const sinks = new Set(files.map((file) => sinkKey(sinkOf(file))));
  const isLeftOut = history.files.some((file) => file.table === table.name && mayHoldSuperseded(file, history));
  return {
    table,
    groups: [...groups.values()],
    isOneFormat: !isLeftOut && sinks.size === 1 && groups.size === 1 && files.every((file) => runsOf(file) === null),
    newest: new Set(newest),
  };
}

function runsOf({ onlyRuns }: TableFile): readonly number[] | null {
  return onlyRuns === undefined ? null : [...onlyRuns].sort((a, b) => a - b);
}
