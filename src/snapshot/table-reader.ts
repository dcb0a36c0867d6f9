import { join } from 'node:path';
import { newestRun } from '../archive/manifest/run-manifests.ts';
import { verifyFile } from '../archive/verify/verify-file.ts';
import type { Disk } from '../system/disk.ts';
import { DifferenceError, OutputError, StoppedError } from '../errors.ts';
import { columnsOfFile } from '../readers/describe-data-file.ts';
import { readDataFile } from '../readers/read-data-file.ts';
import { readablePieces } from '../readers/readable.ts';
import { rowsOfGroups } from '../readers/parquet/rows-of-groups.ts';
import { readStoredRows } from '../readers/parquet/read-stored-rows.ts';
import type { StoredRows } from '../sinks/parquet/stored/stored-rows.ts';
import type { ColumnSpec, Row } from '../model/column.ts';
import type { ArchiveHistory } from './archive-history.ts';
import type { TableFile } from './table-files.ts';

/** What a job may have dropped is null. */
const runColumn: ColumnSpec = { name: 'run', type: { kind: 'int' }, nullable: true };

/** Reads files of an archive, none before its bytes have been compared with its manifest, and each compared once. */
export class TableReader {
  readonly #disk: Disk;
  readonly #archive: string;
  /** Number of the newest link when the archive was looked at. */
  readonly #newest: number;
  readonly #verified = new Set<string>();

  constructor(disk: Disk, archive: string, { newest }: Pick<ArchiveHistory, 'newest'>) {
    this.#disk = disk;
    this.#archive = archive;
    this.#newest = newest;
  }

  /**
   * @throws DifferenceError when a file is not what its manifest says: nothing can be told from it; StoppedError when a
   *   compaction has replaced it meanwhile
   */
  async *rows(file: TableFile, columns: readonly ColumnSpec[]): AsyncGenerator<readonly Row[]> {
    const { onlyRuns } = file;
    await this.#verify(file);
    // Whose rows they are, callers need not know.
    const isWithRun = onlyRuns === undefined || columns.some(({ name }) => name === 'run');
    const batches = await this.#batches(file, isWithRun ? columns : [...columns, runColumn]);
    for await (const batch of this.#counted(file, batches, ({ length }) => length)) {
      const rows = onlyRuns === undefined ? batch : batch.filter((row) => onlyRuns.has(this.#runOf(file, row)));
      yield isWithRun ? rows : rows.map(withoutRun);
    }
  }

  /** Of a row group of Parquet no more than it takes in the file, wherever its columns are as this program writes them. */
  async #batches(file: TableFile, columns: readonly ColumnSpec[]): Promise<AsyncIterable<readonly Row[]>> {
    const { path, format } = this.#dataFile(file);
    const groups = format === 'parquet' ? await this.#groups(file, columns) : undefined;
    return groups === undefined
      ? readDataFile(this.#disk, { path, format }, columns)
      : this.rowsOf(file, groups, columns);
  }

  /** Makes rows of those that are kept of what `stored` returned. @throws OutputError for a value of another type than its column */
  rowsOf(
    file: TableFile,
    groups: AsyncIterable<StoredRows>,
    columns: readonly ColumnSpec[],
  ): AsyncIterable<readonly Row[]> {
    return readablePieces(this.#dataFile(file).path, rowsOfGroups(groups, columns));
  }

  async #groups(file: TableFile, columns: readonly ColumnSpec[]): Promise<AsyncIterable<StoredRows> | undefined> {
    return readStoredRows(this.#disk, this.#dataFile(file).path, columns).catch(async (error: unknown) => {
      await this.#expectNoCompaction(file, error);
      throw error;
    });
  }

  /** The same as they lie in the file, to be copied by columns; undefined: they have to be read one by one. @throws as above */
  async stored(file: TableFile, columns: readonly ColumnSpec[]): Promise<AsyncIterable<StoredRows> | undefined> {
    if (file.format !== 'parquet') return undefined;
    await this.#verify(file);
    const groups = await this.#groups(file, columns);
    return groups && this.#storedRows(file, groups);
  }

  async *#storedRows(file: TableFile, groups: AsyncIterable<StoredRows>): AsyncGenerator<StoredRows> {
    const { onlyRuns } = file;
    for await (const rows of this.#counted(file, groups, (group) => group.rows)) {
      if (onlyRuns !== undefined) rows.keepWhere(['run'], (row) => onlyRuns.has(this.#runOf(file, row)));
      yield rows;
    }
  }

  async *#counted<Batch>(
    file: TableFile,
    batches: AsyncIterable<Batch>,
    rowsOf: (batch: Batch) => number,
  ): AsyncGenerator<Batch> {
    let rows = 0;
    try {
      for await (const batch of batches) {
        rows += rowsOf(batch);
        // Whoever reserved memory by the manifest's number must not get more.
        if (rows > file.rows) break;
        yield batch;
      }
    } catch (error) {
      await this.#expectNoCompaction(file, error);
      throw error;
    }
    if (rows !== file.rows) this.#differs(file, `${file.rows} rows`, `${rows > file.rows ? 'more' : rows} rows`);
  }

  /** @throws as `rows`, for a file that is not what its manifest says */
  async expectIntact(file: TableFile): Promise<void> {
    await this.#verify(file);
  }

  /** Names of the columns that a file has; null when it names none. @throws as above */
  async columns(file: TableFile): Promise<readonly string[] | null> {
    await this.#verify(file);
    return columnsOfFile(this.#disk, this.#dataFile(file));
  }

  #runOf({ path }: TableFile, { run }: Row): number {
    if (typeof run === 'number') return run;
    throw new OutputError(`Cannot read "${join(this.#archive, path)}": its rows have no "run"`, {
      hint: 'A compaction merged rows of several runs into this file: only the column `run` says which are current',
    });
  }

  /** Files go only by a compaction, which is a link of the chain before they do. */
  async #expectNoCompaction({ path }: TableFile, cause: unknown): Promise<void> {
    const file = join(this.#archive, path);
    if ((await this.#disk.sizeBytes(file)) !== undefined) return;
    if ((await newestRun(this.#disk, this.#archive)) === this.#newest) return;
    throw new StoppedError(`Cannot read "${file}": a compaction has replaced the file meanwhile`, {
      cause,
      hint: 'Run the same command again',
    });
  }

  #dataFile({ path, format }: TableFile) {
    return { path: join(this.#archive, path), format };
  }

  async #verify(file: TableFile): Promise<void> {
    if (this.#verified.has(file.path)) return;
    const { path, table, format, rows, sizeBytes, sha256 } = file;
    const difference = await verifyFile(this.#disk, this.#archive, { path, table, format, rows, sizeBytes, sha256 });
    if (difference !== undefined) {
      await this.#expectNoCompaction(file, undefined);
      this.#differs(file, difference.expected, difference.actual);
    }
    this.#verified.add(file.path);
  }

  #differs({ path }: { readonly path: string }, expected: string, actual: string): never {
    throw new DifferenceError(
      `Cannot use "${join(this.#archive, path)}": its manifest says ${expected}, and it is ${actual}`,
      { hint: 'Run `verify`: it names every file that is not what its manifest says' },
    );
  }
}

function withoutRun(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== 'run'));
}
