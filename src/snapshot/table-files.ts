import type { CompletedRows } from '../archive/manifest/completed-rows.ts';
import { sinkKey, sinkOf } from '../archive/sink-key.ts';
import { UsageError } from '../errors.ts';
import { isReadableFormat, readableFormats, type ReadableFormat } from '../readers/data-file.ts';
import { withoutForeign } from './foreign-rows.ts';
import { withoutKeyless } from './without-keyless.ts';
import { withoutSuperseded } from './superseded/superseded-runs.ts';
import type { ArchiveFile, ArchiveHistory, ArchiveRun } from './archive-history.ts';
import { completedOf, sinksHaving } from './sinks-having.ts';

/** A file that can be read back. */
export interface TableFile extends ArchiveFile {
  readonly format: ReadableFormat;
  /** Of which runs its rows are to be read, where others stand in another format; absent: of all. */
  readonly onlyRuns?: ReadonlySet<number>;
}

/**
 * The files that hold each row of a table once, in the archive's order: of the formats of one run, which all hold all
 * rows, the one that is read best and is not damaged. So CSV, which `excelSafe` may have changed, is read of those runs
 * only that have nothing else.
 *
 * Compactions have put rows of several runs into a file, of each format for itself, and so have runs that completed one: of
 * such a file the rows of those runs are taken that stand best in its format. Superseded runs have no rows, nor do keyless ones,
 * nor those in formats of plug-ins only behind which every room was read again.
 *
 * @throws UsageError for a table that no run has, or that a run has in formats of plug-ins only
 */
export function tableFiles(everything: ArchiveHistory, table: string): readonly TableFile[] {
  const history = withoutForeign(withoutKeyless(everything, table), table);
  const { runs, files, damaged = new Set() } = history;
  const having = runs.filter(({ tables }) => Object.hasOwn(tables, table));
  const names = new Set(everything.runs.flatMap(({ tables }) => Object.keys(tables)));
  if (!names.has(table)) {
    throw new UsageError(`Cannot read the table "${table}": the archive does not have it`, {
      hint: `It has ${[...names].join(', ')}`,
    });
  }
  const live = sinksOf(withoutSuperseded(filesOf(files, table), history));
  const completed = completedOf(runs, table);
  const broken = [...live].flatMap(([sink, own]) =>
    own.filter(({ path }) => damaged.has(path)).map((file) => ({ sink, file, own })),
  );
  const isBroken = (sink: string, { run }: ArchiveRun): boolean =>
    broken.some((one) => one.sink === sink && mayHold(one.file, run, one.own));
  const sinkByRun = new Map(
    having
      .filter(({ tables }) => (tables[table] ?? 0) > 0)
      .map((run) => {
        const sinks = readableSinks(run, table, completed);
        return [run.run, sinks.find((sink) => !isBroken(sink, run)) ?? sinks[0]];
      }),
  );
  const [first = live.keys().next().value, ...others] = new Set(sinkByRun.values());
  if (others.length === 0) return live.get(first ?? '') ?? [];
  const order = new Map(files.map(({ path }, index) => [path, index]));
  return [...live]
    .flatMap(([sink, own]) => {
      const chosen = new Set([...sinkByRun].filter(([, best]) => best === sink).map(([run]) => run));
      return own.flatMap((file) => {
        if (file.isOfOthers) return chosen.size === 0 ? [] : { ...file, onlyRuns: chosen };
        return file.rows === 0 || chosen.has(file.place.run) ? file : [];
      });
    })
    .sort((a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0));
}

/** Whether a file may hold rows of a run: one of other runs does unless the run has a file of its own. */
function mayHold(file: TableFile, run: number, own: readonly TableFile[]): boolean {
  if (!file.isOfOthers) return file.place.run === run;
  return !own.some(({ isOfOthers, place }) => !isOfOthers && place.run === run);
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
  return [...sinksOf(own).values()].find((sink) => rowsInFiles(sink) === rows);
}

/** The sinks that can be read of those that have all rows of the run. */
function readableSinks(run: ArchiveRun, table: string, completed: readonly CompletedRows[]): readonly string[] {
  const readable = sinksHaving(run, table, completed).filter(({ format }) => isReadableFormat(format));
  if (readable.length > 0) return readable.map(({ key }) => key);
  const formats = [...new Set(filesOf(run.files, table).map(({ format }) => format))].join(', ');
  throw new UsageError(
    `Cannot read the table "${table}" of run ${run.run}: it is there as ${formats || 'no file'}, expected one of ${readableFormats.join(', ')}`,
    {
      hint: 'The format of a plug-in can be read by its own readers only. With parquet, jsonl or csv among the `sinks` of the job, its next run makes the earlier rows in it, too',
    },
  );
}

function filesOf(files: readonly ArchiveFile[], table: string): readonly ArchiveFile[] {
  return files.filter((file) => file.table === table);
}

/** Rows of files, for what reserves memory for them, too. */
export function rowsInFiles(files: readonly Pick<ArchiveFile, 'rows'>[]): number {
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
