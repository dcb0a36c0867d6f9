import { runsText } from '../archive/manifest/completed-rows.ts';
import type { ArchiveHistory, ArchiveRun } from './archive-history.ts';
import { isReadableFormat } from '../readers/data-file.ts';
import { completedOf, sinksHaving } from './sinks-having.ts';

/** The runs whose rows of a table stand in formats of plug-ins only. */
function foreignRuns(runs: readonly ArchiveRun[], table: string): readonly ArchiveRun[] {
  const completed = completedOf(runs, table);
  return runs.filter(
    (run) =>
      (run.tables[table] ?? 0) > 0 &&
      !sinksHaving(run, table, completed).some(({ format }) => isReadableFormat(format)),
  );
}

/**
 * The archive as a table is to be read once every room was read again, because a format was to be completed and rows stood in
 * formats of plug-ins only: what is current stands behind those, but for rooms and messages that were gone by then. Before,
 * nobody can tell what is current.
 */
export function withoutForeign(history: ArchiveHistory, table: string): ArchiveHistory {
  const { runs, forgotten } = history;
  if (forgotten === 0 || !runs.some(({ run }) => run > forgotten)) return history;
  const foreign = new Set(foreignRuns(runs, table).filter(({ run }) => run <= forgotten));
  return foreign.size === 0 ? history : { ...history, runs: withoutRows(runs, table, foreign) };
}

/** An archive for whoever shows what there is of it. */
interface ReadableHistory {
  readonly history: ArchiveHistory;
  /** What it leaves out, in sentences. */
  readonly notes: readonly string[];
}

/**
 * The same without rows that only readers of plug-ins could read, and word of them: for whoever shows what there is. A table of
 * which nothing can be read stays as it was, and reading it says so.
 */
export function readableHistory(history: ArchiveHistory, tables: Iterable<string>): ReadableHistory {
  const notes: string[] = [];
  let { runs, everyRun } = history;
  for (const table of tables) {
    const foreign = new Set(foreignRuns(runs, table));
    const numbers = [...foreign].map(({ run }) => run);
    const isReadAgain = numbers.every((run) => run <= history.forgotten);
    const isAll = runs.every((run) => foreign.has(run) || (run.tables[table] ?? 0) === 0);
    if (foreign.size === 0 || (isAll && !isReadAgain)) continue;
    runs = withoutRows(runs, table, foreign);
    everyRun = withoutRows(everyRun, table, new Set(everyRun.filter(({ run }) => numbers.includes(run))));
    const again = isReadAgain
      ? '; every room was read again since, but for rooms and messages that were gone by then'
      : '';
    notes.push(
      `Rows of ${runsText(numbers)} of "${table}" are left out: they stand in formats of plug-ins only, which this program cannot read${again}`,
    );
  }
  return { history: notes.length === 0 ? history : { ...history, runs, everyRun }, notes };
}

function withoutRows(
  runs: readonly ArchiveRun[],
  table: string,
  those: ReadonlySet<ArchiveRun>,
): readonly ArchiveRun[] {
  return runs.map((run) => (those.has(run) ? { ...run, tables: { ...run.tables, [table]: 0 } } : run));
}
