import type { CompactedTable, ManifestFile } from '../archive/manifest/manifest.ts';
import { sinkKey } from '../archive/sink-key.ts';
import type { ArchiveFile } from '../snapshot/archive-history.ts';
import type { FileGroup } from './file-groups.ts';
import type { RewrittenGroup } from './rewrite-group.ts';

export interface RewrittenTable extends Pick<FileGroup, 'table' | 'format' | 'extension'>, RewrittenGroup {
  readonly replaces: readonly ArchiveFile[];
}

/** What the manifest says of the rows: by table and format how many there were and are, and by table those dropped. */
export function addUp(groups: readonly RewrittenTable[]): {
  readonly compacted: readonly CompactedTable[];
  readonly dropped: Readonly<Record<string, number>>;
} {
  const compacted = new Map<string, CompactedTable>();
  const dropped = new Map<string, Map<string, Map<number, number>>>();
  for (const { table, format, extension, files, replaces, dropped: droppedByRun } of groups) {
    const key = sinkKey({ format, extension }, table);
    const { rowsBefore, rowsAfter } = compacted.get(key) ?? { rowsBefore: 0, rowsAfter: 0 };
    compacted.set(key, {
      table,
      format,
      extension,
      rowsBefore: rowsBefore + rowsOf(replaces),
      rowsAfter: rowsAfter + rowsOf(files),
    });
    const ofTable = dropped.get(table) ?? new Map<string, Map<number, number>>();
    const ofFormat = ofTable.get(key) ?? new Map<number, number>();
    for (const [run, rows] of droppedByRun) ofFormat.set(run, (ofFormat.get(run) ?? 0) + rows);
    dropped.set(table, ofTable.set(key, ofFormat));
  }
  return {
    compacted: [...compacted.values()],
    dropped: Object.fromEntries(
      [...dropped]
        .map(([table, formats]): [string, number] => [table, distinctRows([...formats.values()])])
        .filter(([, rows]) => rows > 0),
    ),
  };
}

/**
 * The same row may stand in several formats, and not every format has the rows of every run, for a job can change: of
 * each run the format that had most of its rows had all of them.
 */
function distinctRows(formats: readonly ReadonlyMap<number, number>[]): number {
  const runs = new Set(formats.flatMap((format) => [...format.keys()]));
  return [...runs].reduce((sum, run) => sum + Math.max(...formats.map((format) => format.get(run) ?? 0)), 0);
}

function rowsOf(files: readonly Pick<ManifestFile, 'rows'>[]): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}
