import type { Manifest, ManifestFile } from '../manifest/manifest.ts';
import { sinkKey, sinkOf } from '../sink-key.ts';

interface RowDifference {
  readonly table: string;
  readonly format: string;
  readonly tableRows: number;
  readonly fileRows: number;
}

/**
 * Every format of a run holds every row of every table, and of earlier runs what it says: where the files of one do not add
 * up to that.
 */
export function rowDifferences({
  tables,
  files,
  completed = [],
}: Pick<Manifest, 'tables' | 'files' | 'completed'>): readonly RowDifference[] {
  const own = files.filter(({ earlier }) => earlier !== true);
  const sinks = new Map(files.map((file) => [sinkKey(sinkOf(file)), file.format]));
  // A run with rows has files: without any, its rows are nowhere.
  if (sinks.size === 0) sinks.set('', 'data');
  const names = new Set([...Object.keys(tables), ...files.map((file) => file.table)]);
  const differences: RowDifference[] = [];
  for (const table of names) {
    const tableRows = Object.hasOwn(tables, table) ? (tables[table] ?? 0) : 0;
    for (const [sink, format] of sinks) {
      const fileRows = rowsIn(own, table, sink);
      if (fileRows !== tableRows) differences.push({ table, format, tableRows, fileRows });
    }
  }
  const earlier = files.filter((file) => file.earlier === true);
  for (const table of new Set([...earlier, ...completed].map((one) => one.table))) {
    for (const [sink, format] of sinks) {
      const tableRows = completed
        .filter((rows) => rows.table === table && sinkKey(rows) === sink)
        .reduce((sum, { rows }) => sum + rows, 0);
      const fileRows = rowsIn(earlier, table, sink);
      if (fileRows !== tableRows) differences.push({ table, format, tableRows, fileRows });
    }
  }
  return differences;
}

function rowsIn(files: readonly ManifestFile[], table: string, sink: string): number {
  return files
    .filter((file) => file.table === table && sinkKey(sinkOf(file)) === sink)
    .reduce((sum, { rows }) => sum + rows, 0);
}
