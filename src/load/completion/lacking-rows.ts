import { sinkKey, sinkOf, type SinkOfFile } from '../../archive/sink-key.ts';
import { isReadableFormat } from '../../readers/data-file.ts';
import type { ArchiveFile, ArchiveHistory, ArchiveRun } from '../../snapshot/archive-history.ts';
import { completedOf, sinksHaving } from '../../snapshot/sinks-having.ts';
import type { TableFile } from '../../snapshot/table-files.ts';

/** Rows of a table that one sink has not written, and another has: of some runs. */
export interface LackingRows {
  /** Ascending. */
  readonly runs: readonly number[];
  /** How many they wrote; compactions may have dropped some since. */
  readonly rows: number;
  /** Where they stand, what is read best first; none: in formats of plug-ins only. */
  readonly sources: readonly RowSource[];
}

/** A sink that has the rows. */
interface RowSource {
  readonly sink: string;
  /** In the archive's order: those with a row of these runs. Other rows in them are left out by `onlyRuns`. */
  readonly files: readonly TableFile[];
}

/**
 * What a sink lacks of a table, because earlier runs wrote it in other formats only: by the formats that hold all rows of
 * a run and can be read, for one of them may be damaged.
 */
export function lackingRows(history: ArchiveHistory, table: string, sink: SinkOfFile): readonly LackingRows[] {
  const own = sinkKey(sink);
  const completed = completedOf(history.runs, table);
  const bySources = new Map<string, { readonly sinks: readonly string[]; readonly runs: ArchiveRun[] }>();
  for (const run of history.runs) {
    if ((run.tables[table] ?? 0) === 0) continue;
    const having = sinksHaving(run, table, completed);
    if (having.some(({ key }) => key === own)) continue;
    const sinks = [...new Set(having.flatMap(({ key, format }) => (isReadableFormat(format) ? [key] : [])))];
    const same = bySources.get(sinks.join());
    if (same === undefined) bySources.set(sinks.join(), { sinks, runs: [run] });
    else same.runs.push(run);
  }
  return [...bySources.values()].map(({ sinks, runs }) => {
    const numbers = new Set(runs.map(({ run }) => run));
    return {
      runs: [...numbers],
      rows: runs.reduce((sum, { tables }) => sum + (tables[table] ?? 0), 0),
      sources: sinks.map((key) => ({
        sink: key,
        files: filesWithRows(filesOfSink(history.files, key), table, numbers),
      })),
    };
  });
}

/** Whether a sink has no file of a table, not even one without rows. */
export function hasNoFile({ files }: ArchiveHistory, table: string, sink: SinkOfFile): boolean {
  return !files.some((file) => file.table === table && sinkKey(sinkOf(file)) === sinkKey(sink));
}

function filesOfSink(files: readonly ArchiveFile[], key: string): readonly ArchiveFile[] {
  return files.filter((file) => sinkKey(sinkOf(file)) === key);
}

/** Files of one sink with rows of a table that these runs wrote. */
export function filesWithRows(
  files: readonly ArchiveFile[],
  table: string,
  runs: ReadonlySet<number>,
): readonly TableFile[] {
  return files.flatMap((file): readonly TableFile[] => {
    const { format } = file;
    if (file.table !== table || file.rows === 0) return [];
    if (!isReadableFormat(format)) return [];
    if (file.isOfOthers) return [{ ...file, format, onlyRuns: runs }];
    return runs.has(file.place.run) ? [{ ...file, format }] : [];
  });
}
