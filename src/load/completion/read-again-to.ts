import { filesTableName } from '../../model/table-name.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';

/** Of an archive, what says which tables were made anew. */
export type ReadAgain = Pick<ArchiveHistory, 'runs' | 'forgotten'>;

/**
 * Number of the newest link up to which all was read again for a table; 0: for it nothing was. The first run behind a reset
 * makes the tables of its job anew, and of others the rows stay as they were. Before it, they are about to be made.
 */
export function tableReadAgainTo(table: string, { runs, forgotten }: ReadAgain): number {
  const first = runs.find(({ run }) => run > forgotten);
  return first === undefined || Object.hasOwn(first.tables, table) ? forgotten : 0;
}

/**
 * The same of the current rows of a table. A file that is saved is not asked for again, so that its row stays as its run
 * wrote it, whatever is read again.
 */
export function readAgainTo(table: string, history: ReadAgain): number {
  return table === filesTableName ? 0 : tableReadAgainTo(table, history);
}
