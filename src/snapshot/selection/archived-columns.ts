import type { Row } from '../../model/column.ts';
import type { Disk } from '../../system/disk.ts';
import { readArchiveHistory } from '../archive-history.ts';
import type { TableName } from '../../model/table-name.ts';
import { readableHistory } from '../foreign-rows.ts';
import { intactRows } from '../intact/intact-rows.ts';
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
  for await (const { rows } of intactRows(reader, recorded, name, new Set(names))) yield rows;
}
