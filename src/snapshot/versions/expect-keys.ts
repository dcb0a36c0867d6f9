import { UsageError } from '../../errors.ts';
import { listTableNames, type TableName } from '../../model/table-name.ts';
import { rowKeys } from '../../tables/rows/row-key.ts';
import type { ArchiveHistory, ArchiveRun } from '../archive-history.ts';
import { droppedColumns } from '../superseded/dropped-columns.ts';
import { withoutKeyless } from '../without-keyless.ts';

/**
 * Whether rows of the table lack what says which of them are current, because a job dropped it (`dropColumns`): of a list
 * of the server, whose rows replace one another in every run, what they are of, `op` or `run`; of messages `op`, once one
 * was changed or deleted. Whatever is read of one run alone has no second version. What messages are, `Versions` asks row by row.
 *
 * @returns the columns; empty: none is missing
 */
function missingKeys(history: ArchiveHistory, name: TableName): readonly string[] {
  const { runs } = withoutKeyless(history, name);
  const having = runs.filter(({ tables }) => (tables[name] ?? 0) > 0);
  const isList = listTableNames.includes(name);
  const needed = isList ? [...rowKeys[name], 'op', 'run'] : name === 'message_versions' ? [] : ['op'];
  const asked = isList ? (having.length > 1 ? having : []) : having.filter((run) => revises(run, name));
  const dropped = new Set(asked.flatMap(droppedColumns));
  return needed.filter((column) => dropped.has(column));
}

function revises({ files }: ArchiveRun, name: TableName): boolean {
  return files.some(({ table, mayReplace }) => table === name && mayReplace);
}

/** @throws UsageError when rows of the table lack what says which of them are current */
export function expectKeys(history: ArchiveHistory, name: TableName): void {
  const missing = missingKeys(history, name).map((column) => `"${column}"`);
  if (missing.length === 0) return;
  throw new UsageError(`Cannot determine the newest versions in "${name}": rows of it lack ${missing.join(', ')}`, {
    hint: 'Rows of a job that drops these columns (`dropColumns`) cannot be distinguished. Have the job keep them, and all be read again: `backfill: true`, or `state forget`',
  });
}
