import type { Manifest } from '../manifest/manifest.ts';
import { sinkKey, sinkOf } from '../sink-key.ts';

export interface RowDifference {
  readonly table: string;
  readonly format: string;
  readonly tableRows: number;
  readonly fileRows: number;
}

/** Every format of a run holds every row of every table: where the files of one do not add up to the table's rows. */
export function rowDifferences({ tables, files }: Pick<Manifest, 'tables' | 'files'>): readonly RowDifference[] {
  const sinks = new Map(files.map((file) => [sinkKey(sinkOf(file)), file.format]));
  // A run with rows has files: without any, its rows are nowhere.
  if (sinks.size === 0) sinks.set('', 'data');
  const names = new Set([...Object.keys(tables), ...files.map((file) => file.table)]);
  const differences: RowDifference[] = [];
  for (const table of names) {
    const tableRows = Object.hasOwn(tables, table) ? (tables[table] ?? 0) : 0;
    for (const [sink, format] of sinks) {
      const own = files.filter((file) => file.table === table && sinkKey(sinkOf(file)) === sink);
      const fileRows = own.reduce((sum, file) => sum + file.rows, 0);
      if (fileRows !== tableRows) differences.push({ table, format, tableRows, fileRows });
    }
  }
  return differences;
}
