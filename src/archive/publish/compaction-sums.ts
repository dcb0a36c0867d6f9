import type { CompactionManifest, ManifestFile, PurgeManifest } from '../manifest/manifest.ts';
import { dataFilePlace } from '../paths/data-file-path.ts';
import { sinkKey, sinkOf } from '../sink-key.ts';

interface CompactionDifference {
  readonly expected: string;
  readonly actual: string;
}

type CountedFile = Pick<ManifestFile, 'path' | 'table' | 'format' | 'rows'>;

/** What a compaction says it did to the rows of files, it says by table and sink. */
function groupOf(file: CountedFile): string {
  return sinkKey(sinkOf(file), file.table);
}

function rowsByGroup(files: readonly CountedFile[]): ReadonlyMap<string, number> {
  const rows = new Map<string, number>();
  for (const file of files) rows.set(groupOf(file), (rows.get(groupOf(file)) ?? 0) + file.rows);
  return rows;
}

/**
 * Where a compaction does not add up: the rows it took, those it made, and those it says it dropped.
 *
 * @param replaced by path, what earlier manifests say of the files that it replaces; one of which nothing is known is
 *   left out, and so are the rows before of what it belongs to
 */
export function compactionDifferences(
  manifest:
    | Pick<CompactionManifest, 'kind' | 'keeps' | 'compacted' | 'dropped' | 'files' | 'replaces'>
    | Pick<PurgeManifest, 'kind' | 'compacted' | 'dropped' | 'files' | 'replaces'>,
  replaced: ReadonlyMap<string, CountedFile>,
): readonly CompactionDifference[] {
  const { compacted, dropped, files, replaces } = manifest;
  const keeps = manifest.kind === 'purge' ? 'latest' : manifest.keeps;
  const differences: CompactionDifference[] = [];
  const expect = (holds: boolean, expected: string, actual: string): void => {
    if (!holds) differences.push({ expected, actual });
  };
  const data = replaces.filter(({ path }) => dataFilePlace(path) !== undefined);
  const known = data.flatMap(({ path }) => replaced.get(path) ?? []);
  const [before, after] = [rowsByGroup(known), rowsByGroup(files)];
  const isAllKnown = known.length === data.length;
  const groups = new Set<string>();
  for (const { table, format, extension, rowsBefore, rowsAfter } of compacted) {
    const group = sinkKey({ format, extension }, table);
    const name = `"${table}" as ${extension}`;
    groups.add(group);
    const taken = before.get(group) ?? 0;
    expect(!isAllKnown || taken === rowsBefore, `${rowsBefore} rows of ${name} before`, `${taken} rows replaced`);
    const made = after.get(group) ?? 0;
    expect(made === rowsAfter, `${rowsAfter} rows of ${name} after`, `${made} rows in its files`);
    const less = rowsBefore - rowsAfter;
    const most = keeps === 'all' ? 0 : (dropped[table] ?? 0);
    expect(less >= 0 && less <= most, `0 to ${most} rows of ${name} dropped`, `${less} rows`);
  }
  for (const group of [...before.keys(), ...after.keys()]) {
    expect(groups.has(group), 'every file named in "compacted"', `nothing about files of ${group}`);
  }
  for (const [table, rows] of Object.entries(dropped)) {
    expect(keeps === 'latest' || rows === 0, `no rows of "${table}" dropped`, `${rows} rows`);
  }
  return differences;
}
