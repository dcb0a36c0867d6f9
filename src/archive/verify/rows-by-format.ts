import { compareText } from '../../model/text/compare-text.ts';
import type { HashedFile, ManifestFile } from '../manifest/manifest.ts';
import { sinkOf } from '../sink-key.ts';
import type { VerifyReport } from './verify-report.ts';

/** @param files that stand; kept journals among them have no rows, and are left out */
export function rowsByFormat(files: Iterable<HashedFile | ManifestFile>): VerifyReport['formats'] {
  const tables = new Map<string, Map<string, number>>();
  for (const file of files) {
    if (!('rows' in file)) continue;
    const formats = tables.get(file.table) ?? new Map<string, number>();
    // A job may write one format twice, in two compressions: each holds every row.
    const { extension } = sinkOf(file);
    tables.set(file.table, formats.set(extension, (formats.get(extension) ?? 0) + file.rows));
  }
  return sorted([...tables].map(([table, formats]) => [table, sorted([...formats])]));
}

function sorted<V>(entries: readonly (readonly [string, V])[]): Readonly<Record<string, V>> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => compareText(a, b)));
}

/** A sentence for each table whose formats do not hold the same rows: a format that was added later lacks earlier runs. */
export function unequalFormats(formats: VerifyReport['formats']): readonly string[] {
  return Object.entries(formats).flatMap(([table, rows]) => {
    const counts = Object.entries(rows);
    if (new Set(counts.map(([, count]) => count)).size <= 1) return [];
    const said = counts.map(([format, count]) => `${count} as ${format}`).join(', ');
    return [`The formats of "${table}" do not agree: rows ${said}; some runs made one and not the other`];
  });
}
