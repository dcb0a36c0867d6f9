import { readAgainTo, type ReadAgain } from './read-again-to.ts';
import type { Completion } from '../../model/run/load-result.ts';
import type { ArchiveRun } from '../../snapshot/archive-history.ts';
import { droppedColumns } from '../../snapshot/superseded/dropped-columns.ts';
import { isSinceVersion2 } from '../../tables/stored-columns.ts';

interface TableColumns {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Why rows of a run have no values of a column, in a sentence of the manifest; null: they have. */
function whyLacking(run: ArchiveRun, table: string, column: string): string | null {
  if (run.schemaVersion < 2 && isSinceVersion2(table, column)) return 'an older program wrote them, with fewer columns';
  if (droppedColumns(run).includes(column)) return 'their job dropped the columns';
  return column === 'md' && run.md === false ? 'their job did not keep md' : null;
}

/**
 * Which columns that a job writes are null in rows of earlier runs, because those runs had no such column: also where a
 * compaction has put the rows into files that have it; not of runs before every room was read again for the table.
 * What a program before the manifests had a `request` did about `md` nobody knows.
 */
export function lackingColumns(history: ReadAgain, tables: Iterable<TableColumns>): Completion['columns'] {
  return [...tables].flatMap(({ table, columns }) => {
    const lacking = new Map<
      string,
      { readonly columns: string[]; readonly runs: readonly number[]; because: string }
    >();
    const readAgain = readAgainTo(table, history);
    for (const column of columns) {
      const reasons = new Map<string, number[]>();
      for (const run of history.runs) {
        const isReadAgain = run.run <= readAgain;
        const because = isReadAgain || (run.tables[table] ?? 0) === 0 ? null : whyLacking(run, table, column);
        if (because !== null) reasons.set(because, [...(reasons.get(because) ?? []), run.run]);
      }
      for (const [because, lackingRuns] of reasons) {
        const key = `${because} ${lackingRuns.join(' ')}`;
        const same = lacking.get(key);
        if (same === undefined) lacking.set(key, { columns: [column], runs: lackingRuns, because });
        else same.columns.push(column);
      }
    }
    return [...lacking.values()].map((one) => ({ table, ...one }));
  });
}
