import { messageSources } from '../../model/table-name.ts';
import { wholeHistory, type ArchiveHistory } from '../archive-history.ts';
import { rowsInFiles, tableFiles, type TableFile } from '../table-files.ts';

export type MessageSource = (typeof messageSources)[number];

/** A file of one of them. */
interface SourceFile {
  readonly source: MessageSource;
  readonly file: TableFile;
}

/**
 * Of all tables of messages the files in the order of the runs; within a run table by table. Of superseded runs, too: numbers
 * follow from every row that is stored.
 */
export function messageFiles(history: ArchiveHistory): readonly SourceFile[] {
  const whole = wholeHistory(history);
  const tables = messageSources.filter((table) => whole.runs.some(({ tables: own }) => Object.hasOwn(own, table)));
  return tables.flatMap((source) => tableFiles(whole, source).map((file) => ({ source, file })));
}

/** Rows that they have, for what reserves memory for them. */
export function messageRowsIn(history: ArchiveHistory): number {
  return rowsInFiles(messageFiles(history).map(({ file }) => file));
}
