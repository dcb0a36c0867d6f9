import { basename, resolve, sep } from 'node:path';
import type { Disk } from '../system/disk.ts';
import { UsageError } from '../errors.ts';
import type { SinkOptions } from '../model/sink-options.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { createSink } from '../sinks/sinks.ts';
import { systemSurroundings } from '../system/system-surroundings.ts';
import { currentTable, type CopiedTable, type CurrentTable, type CurrentTableName } from './current-table.ts';
import { fileFormat, type FileFormat } from './file-format.ts';
import { archivedColumns } from './selection/archived-columns.ts';
import { rowSelector, type RowSelection } from './selection/row-selection.ts';
import { unionTable } from './union/union-table.ts';
import { expectNoFile, writeCurrentTable } from './write-current-table.ts';

/** Which table of an archive, which of its rows, and what replaces the real disk. */
export interface LatestOptions extends RowSelection {
  /** Default: `messages`. */
  readonly table?: CurrentTableName;
  readonly disk?: Disk;
}

/**
 * The current state of a table over all published runs of an archive: of every message its newest version, unless it was
 * deleted; of a table of elements those of that version; of rooms, users and members the newest row of each. Works offline, and changes
 * nothing.
 *
 * @param archive the folder that a job names as its output, or several: shards, or archives of jobs with other rooms. They are read
 *   as one, see unionTable
 * @returns the columns, and the rows in batches, in the archive's order, to be read once
 * @throws UsageError when there is no archive or nothing has been published, for a room or user that the table does not
 *   have, and for a selection by a column that it does not have; OutputError for a damaged manifest;
 *   DifferenceError, now or while the rows are read, for a file that is not what its manifest says
 */
export async function latest(archive: string | readonly string[], options: LatestOptions = {}): Promise<CurrentTable> {
  const { name, columns, metadata, rows } = await tableToCopy(archive, options);
  return { name, columns, metadata, rows };
}

/** The same for what writes it: Parquet is copied as it lies. @throws as `latest` */
export async function tableToCopy(archive: string | readonly string[], options: LatestOptions): Promise<CopiedTable> {
  const { table: name = 'messages', disk = systemSurroundings().disk } = options;
  const [folder = '', ...others] = [archive].flat().map((path) => resolve(path));
  if (others.length > 0) return unionTable(disk, [folder, ...others], name, options);
  return currentTable(disk, folder, name, {
    select: (columns) =>
      rowSelector(name, options, columns, (source, asked) => archivedColumns(disk, folder, source, asked)),
  });
}

/** The same for a file: in which format, and how it proceeds. */
export interface WriteLatestOptions extends LatestOptions {
  /** Default: as the ending of the name says. */
  readonly format?: FileFormat;
  /** CSV only, as in a job: a byte order mark for Excel. Default false. */
  readonly bom?: boolean;
  /** CSV only, as in a job: `'` before cells that a spreadsheet would run as a formula. Default false. */
  readonly excelSafe?: boolean;
  /** Aborting it removes what was written; its reason is thrown. */
  readonly signal?: AbortSignal;
  /** Called before the first row with each file that is not what its manifest says, and whose rows another format has. */
  readonly onDamaged?: (path: string) => void;
  /** Called before the first row with what the table lacks, see CopiedTable. */
  readonly onNote?: (note: string) => void;
  /** Called after each batch with the rows so far. */
  readonly onRows?: (rows: number) => void;
}

/**
 * Writes what `latest` returns to a file that appears whole or not at all.
 *
 * @param output such as `latest.parquet` or `latest.csv.gz`; must not exist, nor lie in the archive
 * @returns rows written
 * @throws as `latest`; UsageError for a name that is taken, in the archive or of no known format; OutputError when the
 *   disk refuses
 */
export async function writeLatest(
  archive: string | readonly string[],
  output: string,
  options: WriteLatestOptions = {},
): Promise<number> {
  const { disk, process } = { ...systemSurroundings(), ...omitUndefined(options) };
  const path = resolve(output);
  const sink = createSink(withCsvOptions(fileFormat(basename(path), options.format), options), disk);
  if ([archive].flat().some((folder) => path.startsWith(resolve(folder) + sep))) {
    throw new UsageError(`Cannot write "${path}": it is in the archive, which holds the files of its runs only`, {
      hint: 'Choose a name in another folder',
    });
  }
  // Before an archive is read for nothing.
  await expectNoFile(disk, path);
  const table = await tableToCopy(archive, options);
  const { signal, onRows, onDamaged, onNote } = options;
  for (const damaged of table.damaged) onDamaged?.(damaged);
  for (const note of table.notes) onNote?.(note);
  return writeCurrentTable(
    disk,
    sink,
    table,
    { path, temporary: `${path}.${process.pid}.tmp` },
    omitUndefined({ signal, onRows }),
  );
}

/** @throws UsageError for options of CSV with another format */
export function withCsvOptions(
  sink: SinkOptions,
  { bom, excelSafe }: Pick<WriteLatestOptions, 'bom' | 'excelSafe'>,
): SinkOptions {
  const options = { ...(bom === true && { bom }), ...(excelSafe === true && { excelSafe }) };
  if (sink.format === 'csv') return { ...sink, ...options };
  const [name] = Object.keys(options);
  if (name === undefined) return sink;
  throw new UsageError(`Cannot use ${name} with ${sink.format}: it is an option of CSV`, {
    hint: 'Leave it out, or write CSV',
  });
}
