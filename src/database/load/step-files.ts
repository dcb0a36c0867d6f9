import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { filesOfRuns, ownFiles, tableFiles, type TableFile } from '../../snapshot/table-files.ts';

/**
 * The files that hold the rows of some runs in a table, each row once.
 *
 * @param runs those that have the table
 * @throws UsageError for rows that stand in formats of plug-ins only
 */
export function stepFiles(history: ArchiveHistory, table: string, runs: ReadonlySet<number>): readonly TableFile[] {
  const [only] = runs;
  // A format that was completed later has its rows in a file with many others.
  const own = runs.size === 1 && only !== undefined ? ownFiles(history, only, table) : undefined;
  return own ?? filesOfRuns(tableFiles(history, table), runs);
}
