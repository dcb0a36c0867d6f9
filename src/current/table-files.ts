import { UsageError } from '../errors.ts';
import { isReadableFormat, readableFormats, type ReadableFormat } from '../readers/data-file.ts';
import type { ArchiveFile, ArchiveRun } from './archive-runs.ts';

/** A file that can be read back. */
export interface TableFile extends ArchiveFile {
  readonly format: ReadableFormat;
}

/**
 * The files that hold each row of a table once, in the archive's order: of the formats of one run, which all hold all
 * rows, the one that is read best. One format for the whole archive where there is one that every run has.
 *
 * @throws UsageError for a table that no run has, or that a run has in formats of plug-ins only
 */
export function tableFiles(runs: readonly ArchiveRun[], table: string): readonly TableFile[] {
  const having = runs.filter(({ tables }) => Object.hasOwn(tables, table));
  if (having.length === 0) {
    const names = new Set(runs.flatMap(({ tables }) => Object.keys(tables)));
    throw new UsageError(`Cannot read the table "${table}": the archive does not have it`, {
      hint: `It has ${[...names].join(', ')}`,
    });
  }
  const rows = having.reduce((sum, run) => sum + (run.tables[table] ?? 0), 0);
  const whole = sinksOf(having.flatMap(({ files }) => filesOf(files, table))).find((files) => rowsOf(files) === rows);
  return whole ?? having.flatMap((run) => bestOfRun(run, table));
}

function bestOfRun({ run, files, tables }: ArchiveRun, table: string): readonly TableFile[] {
  const rows = tables[table] ?? 0;
  const own = filesOf(files, table);
  const whole = sinksOf(own).find((sink) => rowsOf(sink) === rows);
  if (whole !== undefined || rows === 0) return whole ?? [];
  const formats = [...new Set(own.map(({ format }) => format))].join(', ');
  throw new UsageError(
    `Cannot read the table "${table}" of run ${run}: it is there as ${formats || 'no file'}, expected one of ${readableFormats.join(', ')}`,
    { hint: 'The format of a plug-in can be read by its own readers only' },
  );
}

function filesOf(files: readonly ArchiveFile[], table: string): readonly ArchiveFile[] {
  return files.filter((file) => file.table === table);
}

function rowsOf(files: readonly ArchiveFile[]): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}

/** The files of each sink, the best first: `csv` and `csv.gz` are two sinks of one format. */
function sinksOf(files: readonly ArchiveFile[]): readonly (readonly TableFile[])[] {
  const sinks = new Map<string, TableFile[]>();
  for (const file of files) {
    const { format, path } = file;
    if (!isReadableFormat(format)) continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const key = `${format} ${name.slice(name.indexOf('.'))}`;
    const sink = sinks.get(key);
    if (sink === undefined) sinks.set(key, [{ ...file, format }]);
    else sink.push({ ...file, format });
  }
  const rank = ([first]: readonly TableFile[]): number =>
    readableFormats.findIndex((format) => format === first?.format);
  return [...sinks.values()].sort((a, b) => rank(a) - rank(b));
}
