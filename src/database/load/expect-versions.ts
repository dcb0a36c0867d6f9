import { UsageError } from '../../errors.ts';
import type { TableName } from '../../model/table-name.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { droppedColumns } from '../../snapshot/superseded/dropped-columns.ts';
import { expectKeys } from '../../snapshot/versions/expect-keys.ts';
import { rowKeys } from '../../tables/rows/row-key.ts';

/**
 * Whether the view `latest_…` of a table can tell which rows are current: a row that lacks what it is a version of, because the
 * job dropped it, is replaced by none, and replaces none.
 *
 * @throws UsageError where it cannot, as `latest` does
 */
export function expectVersions(history: ArchiveHistory, archive: string, name: TableName): void {
  expectKeys(history, name);
  const having = history.runs.filter(({ tables }) => (tables[name] ?? 0) > 0);
  const isRevised = having.some(({ files }) => files.some(({ table, mayReplace }) => table === name && mayReplace));
  if (!isRevised) return;
  const dropped = new Set(having.flatMap(droppedColumns));
  const missing = [...rowKeys[name], 'run'].filter((column) => dropped.has(column)).map((column) => `"${column}"`);
  if (missing.length === 0) return;
  throw new UsageError(
    `Cannot load "${archive}": rows of "${name}" lack ${missing.join(', ')}, and some have newer versions`,
    {
      hint: 'Rows of a job that drops these columns (`dropColumns`) cannot be distinguished: have it keep them, and write into a new output',
    },
  );
}
