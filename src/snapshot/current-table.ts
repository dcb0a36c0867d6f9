import type { Disk } from '../system/disk.ts';
import type { ColumnSpec, Row } from '../model/column.ts';
import { storedColumns } from '../tables/stored-columns.ts';
import { schemaVersion } from '../tables/tables.ts';
import { tableNames, type TableName } from '../model/table-name.ts';
import { tool } from '../version.ts';
import { readArchiveHistory, type ArchiveHistory } from './archive-history.ts';
import { currentColumns } from './current-columns.ts';
import { currentFilter, findVersions } from './versions/find-versions.ts';
import { readableHistory } from './foreign-rows.ts';
import { intactHistory } from './intact/intact-history.ts';
import type { RowSelector } from './selection/row-selection.ts';
import { tableFiles, type TableFile } from './table-files.ts';
import { TableReader } from './table-reader.ts';
import { versionColumns, type Versions } from './versions/versions.ts';
import type { StoredRows } from '../sinks/parquet/stored/stored-rows.ts';

/** A table whose current rows can be determined. */
export type CurrentTableName = TableName;

/** The tables that can be asked for, in the order of `schema`. */
export const currentTableNames: readonly CurrentTableName[] = tableNames;

/** The current rows of a table, to be read once. */
export interface CurrentTable {
  readonly name: CurrentTableName;
  readonly columns: readonly ColumnSpec[];
  /** For formats with a place for it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** In the archive's order: each message at the place of its newest version. Batches of some thousand at most. */
  readonly rows: AsyncIterable<readonly Row[]>;
}

/** The same for what writes it to a file. */
export interface CopiedTable extends CurrentTable {
  /** Paths of files that are not what their manifests say: their rows stand in another format, and are read there. */
  readonly damaged: readonly string[];
  /** What it lacks: rows that cannot be read, and what several archives lack together; in sentences. */
  readonly notes: readonly string[];
  /** To be read instead of `rows`: as they lie in Parquet files where they can be copied like that. */
  readonly pieces: AsyncIterable<CurrentPiece>;
}

interface CurrentTableOptions {
  /** Columns to read of `rows`, beside those that tell versions apart. Default: all. */
  readonly only?: ReadonlySet<string>;
  /** The archive, as it was read before. Default: as it is now. */
  readonly known?: ArchiveHistory;
  /** Decides which rows are wanted, when it is known which columns there are. Default, and undefined: all. */
  readonly select?: (columns: readonly ColumnSpec[]) => Promise<RowSelector | undefined>;
}

/** Some current rows: of those that lie in a file, the ones that are kept. */
type CurrentPiece =
  { readonly kind: 'rows'; readonly rows: readonly Row[] } | { readonly kind: 'stored'; readonly rows: StoredRows };

/**
 * The current state of a table over all published runs of an archive: of every message its newest version, unless that
 * says that the message is gone; of a side table the elements of those versions; of rooms, users and members the newest row of each.
 *
 * Changes nothing. Memory: 16 bytes for each row of the table, and some hundred for each id that has several versions.
 *
 * @throws UsageError when there is no archive, or it does not have what is needed to tell; OutputError for a damaged
 *   manifest; DifferenceError, now or while the rows are read, for a file that is not what its manifest says
 */
export async function currentTable(
  disk: Disk,
  archive: string,
  name: CurrentTableName,
  { only, known, select }: CurrentTableOptions = {},
): Promise<CopiedTable> {
  const { history: recorded, notes } =
    known === undefined
      ? readableHistory(await readArchiveHistory(disk, archive), [name])
      : { history: known, notes: [] };
  const reader = new TableReader(disk, archive, recorded);
  const history = await intactHistory(reader, recorded, (looked) => tableFiles(looked, name));
  const files = tableFiles(history, name);
  const source = { reader, files, versions: await findVersions(reader, history, name) };
  const isRead = (column: string): boolean => only === undefined || only.has(column) || versionColumns.includes(column);
  const present = await currentColumns(reader, files, storedColumns.get(name) ?? []);
  const columns = present.filter((column) => isRead(column.name));
  const selector = await select?.(columns);
  return {
    name,
    columns,
    metadata: {
      schemaVersion: String(schemaVersion),
      tool: `${tool.name} ${tool.version}`,
      job: history.runs.at(-1)?.job ?? '',
      run: String(history.newest),
    },
    damaged: [...(history.damaged ?? [])].sort(),
    notes,
    rows: currentRows(source, columns, selector),
    pieces: currentPieces(source, columns, selector),
  };
}

/** The files of a table in an archive, and which of their rows are current. */
export interface TableSource {
  readonly reader: TableReader;
  readonly files: readonly TableFile[];
  readonly versions: Versions;
  /** Of the current rows those that are so among several archives, too. Absent: all. */
  readonly isOwned?: (row: Row) => boolean;
}

/** To be asked about each row once. */
function currentOf({ versions, isOwned }: TableSource): (row: Row) => boolean {
  const isCurrent = currentFilter(versions);
  return isOwned === undefined ? isCurrent : (row) => isCurrent(row) && isOwned(row);
}

export async function* currentRows(
  source: TableSource,
  columns: readonly ColumnSpec[],
  selector: RowSelector | undefined,
): AsyncGenerator<readonly Row[]> {
  const { reader, files } = source;
  const isCurrent = currentOf(source);
  for (const file of files) {
    // What is not selected costs least where it is not made into rows.
    const stored = selector === undefined ? undefined : await reader.stored(file, columns);
    const batches =
      stored === undefined
        ? keptRows(reader.rows(file, columns), isCurrent, selector)
        : reader.rowsOf(file, keptOf(stored, isCurrent, selector), columns);
    for await (const batch of batches) if (batch.length > 0) yield batch;
  }
}

export async function* currentPieces(
  source: TableSource,
  columns: readonly ColumnSpec[],
  selector: RowSelector | undefined,
): AsyncGenerator<CurrentPiece> {
  const { reader, files } = source;
  const isCurrent = currentOf(source);
  for (const file of files) {
    const stored = await reader.stored(file, columns);
    if (stored === undefined) {
      for await (const rows of keptRows(reader.rows(file, columns), isCurrent, selector)) yield { kind: 'rows', rows };
      continue;
    }
    for await (const rows of keptOf(stored, isCurrent, selector)) yield { kind: 'stored', rows };
  }
}

/** Each row is asked about its version, whether or not it is selected: see `currentFilter`. */
async function* keptRows(
  batches: AsyncIterable<readonly Row[]>,
  isCurrent: (row: Row) => boolean,
  selector: RowSelector | undefined,
): AsyncGenerator<readonly Row[]> {
  for await (const batch of batches) {
    const current = batch.filter(isCurrent);
    yield selector === undefined ? current : current.filter(selector.isSelected);
  }
}

/** The same of rows as they lie in a file. */
async function* keptOf(
  groups: AsyncIterable<StoredRows>,
  isCurrent: (row: Row) => boolean,
  selector: RowSelector | undefined,
): AsyncGenerator<StoredRows> {
  for await (const rows of groups) {
    rows.keepWhere(versionColumns, isCurrent);
    if (selector !== undefined) rows.keepWhere(selector.columns, selector.isSelected);
    yield rows;
  }
}
