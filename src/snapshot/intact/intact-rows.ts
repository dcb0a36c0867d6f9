import type { Row } from '../../model/column.ts';
import { nullableColumns } from '../../tables/stored-columns.ts';
import type { ArchiveHistory } from '../archive-history.ts';
import { tableFiles, type TableFile } from '../table-files.ts';
import type { TableReader } from '../table-reader.ts';
import { intactHistory } from './intact-history.ts';

/** Some rows of a file, of whichever version. */
interface RowsOfFile {
  readonly file: TableFile;
  readonly rows: readonly Row[];
}

/**
 * Some columns of every row of a table, from a format that is what its manifest says; what a job has dropped is null.
 *
 * @throws StoppedError, OutputError, DifferenceError as TableReader
 */
export async function* intactRows(
  reader: TableReader,
  history: ArchiveHistory,
  table: string,
  names: ReadonlySet<string>,
): AsyncGenerator<RowsOfFile> {
  const columns = nullableColumns(table, names);
  const intact = await intactHistory(reader, history, (one) => tableFiles(one, table));
  for (const file of tableFiles(intact, table)) {
    for await (const rows of reader.rows(file, columns)) yield { file, rows };
  }
}
