import type { ColumnSpec, Row } from '../../model/column.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { currentColumns } from '../../snapshot/current-columns.ts';
import type { TableFile } from '../../snapshot/table-files.ts';
import type { TableReader } from '../../snapshot/table-reader.ts';
import { stepFiles } from '../load/step-files.ts';
import type { ElementCounts } from './element-counts.ts';
import type { EmittedTable } from './emitted-table.ts';

/** Where rows are read. */
interface RunSource {
  readonly history: ArchiveHistory;
  readonly reader: TableReader;
}

/**
 * What a run brought of a table. Those that are gone first: a message that moved is gone from one room and there in another.
 *
 * @param counts of a table of elements
 */
export async function* rowsOfRun(
  { reader, history }: RunSource,
  table: EmittedTable,
  run: number,
  counts: ElementCounts | undefined,
): AsyncGenerator<readonly Row[]> {
  const files = stepFiles(history, table.name, new Set([run]));
  // Columns that this program does not know are refused.
  await currentColumns(reader, files, table.columns);
  if (counts !== undefined) {
    const gone = await counts.replace(files);
    for (let at = 0; at < gone.length; at += rowsPerBatch) {
      const part = gone.slice(at, at + rowsPerBatch);
      yield part.map(({ id, position }) => table.deleted({ message_id: id, position }, run));
    }
  } else {
    for (const file of files) {
      if (!(await hasDeletions(reader, file))) continue;
      for await (const batch of reader.rows(file, table.columns)) {
        const gone = batch.filter(isDeletion);
        if (gone.length > 0) yield gone.map((row) => table.deleted(row, run));
      }
    }
  }
  for (const file of files) {
    for await (const batch of reader.rows(file, table.columns)) {
      const there = batch.filter((row) => !isDeletion(row));
      if (there.length > 0) yield there;
    }
  }
}

const rowsPerBatch = 1000;

const isDeletion = ({ op }: Row): boolean => op === 'delete';

const deletionColumns: readonly ColumnSpec[] = [
  { name: 'op', type: { kind: 'string' }, nullable: true },
  { name: 'run', type: { kind: 'int' }, nullable: true },
];

async function hasDeletions(reader: TableReader, file: TableFile): Promise<boolean> {
  let isFound = false;
  for await (const batch of reader.rows(file, deletionColumns)) isFound ||= batch.some(isDeletion);
  return isFound;
}
