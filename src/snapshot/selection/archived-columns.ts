import type { Row } from '../../model/column.ts';
import type { Disk } from '../../system/disk.ts';
import { storedColumns } from '../../tables/stored-columns.ts';
import { readArchiveHistory } from '../archive-history.ts';
import type { TableName } from '../../model/table-name.ts';
import { readableHistory } from '../foreign-rows.ts';
import { intactHistory } from '../intact/intact-history.ts';
import { tableFiles } from '../table-files.ts';
import { TableReader } from '../table-reader.ts';

/** Of rows of every version of one archive, or of several. A table that an archive does not have has none. */
export async function* archivedColumns(
  disk: Disk,
  archives: string | readonly string[],
  name: TableName,
  names: readonly string[],
): AsyncGenerator<readonly Row[]> {
  for (const archive of [archives].flat()) yield* columnsOf(disk, archive, name, names);
}

async function* columnsOf(
  disk: Disk,
  archive: string,
  name: TableName,
  names: readonly string[],
): AsyncGenerator<readonly Row[]> {
  const { history: recorded } = readableHistory(await readArchiveHistory(disk, archive), [name]);
  if (!recorded.runs.some(({ tables }) => Object.hasOwn(tables, name))) return;
  const reader = new TableReader(disk, archive, recorded);
  const history = await intactHistory(reader, recorded, (known) => tableFiles(known, name));
  // What a job has dropped is null.
  const columns = (storedColumns.get(name) ?? [])
    .filter((column) => names.includes(column.name))
    .map((column) => ({ ...column, nullable: true }));
  for (const file of tableFiles(history, name)) yield* reader.rows(file, columns);
}
