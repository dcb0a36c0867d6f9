import type { Row } from '../model/column.ts';
import { tableNames } from '../model/table-name.ts';
import type { ArchiveHistory } from '../snapshot/archive-history.ts';
import { findVersions } from '../snapshot/versions/find-versions.ts';
import type { TableFile } from '../snapshot/table-files.ts';
import type { TableReader } from '../snapshot/table-reader.ts';

/** By table: number of the newest compaction that kept its current rows only. */
export type LatestCompactions = ReadonlyMap<string, number>;

/**
 * Which rows of a table the compactions of an archive have left: for the same rows where none has rewritten them, as a
 * rebuild makes them.
 *
 * @throws as `findVersions`
 */
export async function leftByCompactions(
  reader: TableReader,
  history: ArchiveHistory,
  table: string,
  latest: LatestCompactions,
): Promise<(file: TableFile, row: Row) => boolean> {
  const compaction = latest.get(table);
  const name = tableNames.find((one) => one === table);
  if (compaction === undefined || name === undefined) return () => true;
  const isEarlier = ({ place }: Pick<TableFile, 'place'>): boolean => place.run < compaction;
  const runs = history.runs.filter(({ run }) => run < compaction);
  const versions = await findVersions(reader, { ...history, runs, files: history.files.filter(isEarlier) }, name);
  return (file, row) => versions.size === 0 || !isEarlier(file) || versions.isCurrent(row);
}
