import { isInRanges, type CompletedRows } from '../archive/manifest/completed-rows.ts';
import { sinkKey, sinkOf } from '../archive/sink-key.ts';
import { isReadableFormat, readableFormats } from '../readers/data-file.ts';
import type { ArchiveRun } from './archive-history.ts';

/** A sink by its key, and what it writes. */
interface HavingSink {
  readonly key: string;
  readonly format: string;
}

/**
 * The sinks that have all rows of a table that a run wrote, whoever wrote them there: the one that is read best first, those
 * of plug-ins last.
 *
 * @param completed of all runs, of this table
 */
export function sinksHaving(
  { run, files, tables }: ArchiveRun,
  table: string,
  completed: readonly CompletedRows[],
): readonly HavingSink[] {
  const rows = new Map<string, HavingSink & { rows: number }>();
  for (const file of files) {
    if (file.table !== table) continue;
    const key = sinkKey(sinkOf(file));
    const known = rows.get(key) ?? { key, format: file.format, rows: 0 };
    rows.set(key, { ...known, rows: known.rows + file.rows });
  }
  const written = [...rows.values()].filter((sink) => sink.rows === (tables[table] ?? 0));
  const later = completed.flatMap((one) =>
    isInRanges(one.runs, run) ? [{ key: sinkKey(one), format: one.format }] : [],
  );
  return [...written, ...later].sort((a, b) => rank(a.format) - rank(b.format));
}

function rank(format: string): number {
  return isReadableFormat(format) ? readableFormats.indexOf(format) : readableFormats.length;
}

/** Of each run that has rows of a table, what later runs completed of it. */
export function completedOf(runs: readonly Pick<ArchiveRun, 'completed'>[], table: string): readonly CompletedRows[] {
  return runs.flatMap(({ completed }) => completed.filter((one) => one.table === table));
}
