import { tableNames, type TableName } from '../../../../src/model/table-name.ts';
import type { ReadableFormat } from '../../../../src/readers/data-file.ts';
import type { Disk } from '../../../../src/system/disk.ts';
import { filesOf, rowsOfFile } from '../truth/archive-files.ts';
import type { Row } from '../truth/truth-lines.ts';

/** All rows of a format in the files of an archive: of every table and version, current or not. */
export async function storedRows(
  disk: Disk,
  archive: string,
  format: ReadableFormat,
): Promise<ReadonlyMap<TableName, readonly Row[]>> {
  const byTable = new Map<TableName, Row[]>();
  for (const table of tableNames) {
    const rows: Row[] = [];
    for (const path of await filesOf(disk, `${archive}/${table}`, format))
      rows.push(...(await rowsOfFile(disk, table, path, format)));
    byTable.set(table, rows);
  }
  return byTable;
}
