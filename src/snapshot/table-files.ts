import { sinkKey, sinkOf } from '../archive/sink-key.ts';
import { UsageError } from '../errors.ts';
import { isReadableFormat, readableFormats, type ReadableFormat } from '../readers/data-file.ts';
import { withoutSuperseded } from './superseded/superseded-runs.ts';
import type { ArchiveFile, ArchiveHistory, ArchiveRun } from './archive-history.ts';

/** A file that can be read back. */
export interface TableFile extends ArchiveFile {
  readonly format: ReadableFormat;
  /** Of which runs its rows are to be read, where others stand in another format; absent: of all. */
  readonly onlyRuns?: ReadonlySet<number>;
}

/**
 * The files that hold each row of a table once, in the archive's order: of the formats of one run, which all hold all
 * rows, the one that is read best. One format for the whole archive where there is one that every run has.
 *
 * Compactions have put rows of several runs into a file, of each format for itself, and so have runs that completed one.
 * Where no format is whole, of each run those rows are taken that stand in its best one. Superseded runs have no rows.
 *
 * @throws UsageError for a table that no run has, or that a run has in formats of plug-ins only
 */
export function tableFiles(history: ArchiveHistory, table: string): readonly TableFile[] {
  const { runs, files } = history;
  const having = runs.filter(({ tables }) => Object.hasOwn(tables, table));
  if (having.length === 0) {
    const names = new Set(runs.flatMap(({ tables }) => Object.keys(tables)));
    throw new UsageError(`Cannot read the table "${table}": the archive does not have it`, {
      hint: `It has ${[...names].join(', ')}`,
    });
  }
  const live = sinksOf(withoutSuperseded(filesOf(files, table), history));
  const rows = having.reduce((sum, run) => sum + (run.tables[table] ?? 0), 0);
  const written = sinksOf(runs.flatMap((run) => filesOf([...run.files, ...run.completedFiles], table)));
  const [whole] = [...written].find(([, own]) => rowsOf(own) === rows) ?? [];
  if (whole !== undefined) return live.get(whole) ?? [];
  const sinkByRun = new Map(
    having.filter(({ tables }) => (tables[table] ?? 0) > 0).map((run) => [run.run, bestSink(run, table)]),
  );
  const order = new Map(files.map(({ path }, index) => [path, index]));
  return [...live]
    .flatMap(([sink, own]) => {
      const chosen = new Set([...sinkByRun].filter(([, best]) => best === sink).map(([run]) => run));
      return own.flatMap((file) => {
        if (file.isOfOthers) return { ...file, onlyRuns: chosen };
        return file.rows === 0 || chosen.has(file.place.run) ? file : [];
      });
    })
    .sort((a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0));
}

/** Of those, the ones that can hold a message later than `sinceMs` (epoch milliseconds). @throws as above */
export function filesSince(history: ArchiveHistory, table: string, sinceMs: number): readonly TableFile[] {
  const first = history.runs.find(({ newestMs }) => newestMs > sinceMs);
  const files = tableFiles(history, table);
  return first === undefined ? [] : files.filter(({ place, rows }) => place.run >= first.run && rows > 0);
}

/** Of files those that hold rows of the runs; of the rows in them only those. */
export function filesOfRuns(files: readonly TableFile[], runs: ReadonlySet<number>): readonly TableFile[] {
  return files.flatMap((file) => {
    if (!file.isOfOthers) return runs.has(file.place.run) ? [file] : [];
    const { onlyRuns } = file;
    return [
      { ...file, onlyRuns: onlyRuns === undefined ? runs : new Set([...runs].filter((run) => onlyRuns.has(run))) },
    ];
  });
}

/**
 * The files that a run itself wrote of a table, of the format that is read best; undefined where none that can be read holds
 * all of its rows, or a compaction has taken their place.
 */
export function ownFiles(
  { runs, files }: ArchiveHistory,
  number: number,
  table: string,
): readonly TableFile[] | undefined {
  const run = runs.find((one) => one.run === number);
  const rows = run?.tables[table] ?? 0;
  const live = new Set(files.map(({ path }) => path));
  const own = filesOf(run?.files ?? [], table).filter(({ path }) => live.has(path));
  return [...sinksOf(own).values()].find((sink) => rowsOf(sink) === rows);
}

/** The one that is read best of those that hold all rows of the run. */
function bestSink({ run, files, tables }: ArchiveRun, table: string): string {
  const rows = tables[table] ?? 0;
  const own = filesOf(files, table);
  const [best] = [...sinksOf(own)].find(([, sink]) => rowsOf(sink) === rows) ?? [];
  if (best !== undefined) return best;
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
function sinksOf(files: readonly ArchiveFile[]): ReadonlyMap<string, readonly TableFile[]> {
  const sinks = new Map<string, TableFile[]>();
  for (const file of files) {
    const { format } = file;
    if (!isReadableFormat(format)) continue;
    const key = sinkKey(sinkOf(file));
    const sink = sinks.get(key);
    if (sink === undefined) sinks.set(key, [{ ...file, format }]);
    else sink.push({ ...file, format });
  }
  const rank = ([, [first]]: readonly [string, readonly TableFile[]]): number =>
    readableFormats.findIndex((format) => format === first?.format);
  return new Map([...sinks].sort((a, b) => rank(a) - rank(b)));
}
