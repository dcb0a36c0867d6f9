import type { Coverage } from '../../../../src/archive/manifest/coverage.ts';
import type { TableName } from '../../../../src/model/table-name.ts';
import type { ReadableFormat } from '../../../../src/readers/data-file.ts';
import { storedColumns } from '../../../../src/tables/stored-columns.ts';
import type { Row } from '../truth/truth-lines.ts';
import { inRanges } from './in-ranges.ts';

/** Rows of one format, by table. */
export type RowsOfFormat = ReadonlyMap<TableName, readonly Row[]>;

interface Formats {
  readonly coverage: Coverage;
  /** Columns that some job dropped: a format that was completed later has those of that job only. */
  readonly dropped: ReadonlySet<string>;
}

/** Where one format of the job has a row that another lacks, or twice, and the manifest does not say so, in sentences. */
export function formatDifferences(
  formats: ReadonlyMap<ReadableFormat, RowsOfFormat>,
  tables: readonly TableName[],
  { coverage: { incomplete = [], outdated = [] }, dropped }: Formats,
): readonly string[] {
  const problems: string[] = [];
  for (const table of tables) {
    // Rows that are no version of anything any more are completed in no format.
    const isLeft = (row: Row): boolean =>
      !outdated.some(
        (one) =>
          one.table === table && one.because.includes('not current any more') && inRanges(one.runs, Number(row['run'])),
      );
    for (const [format, rows] of formats) {
      const lines = linesOf(table, (rows.get(table) ?? []).filter(isLeft));
      // Elements are told apart by their position.
      for (const [line, count] of dropped.has('position') ? [] : lines)
        if (count > 1) problems.push(`${table}.${format}: ${count} times ${line}`);
      for (const [other, otherRows] of formats) {
        const isNamed = (row: Row): boolean =>
          incomplete.some(
            (one) => one.table === table && one.format === other && inRanges(one.runs, Number(row['run'])),
          );
        const others = linesOf(table, otherRows.get(table) ?? [], dropped);
        for (const line of linesOf(
          table,
          (rows.get(table) ?? []).filter((row) => isLeft(row) && !isNamed(row)),
          dropped,
        ).keys())
          if (!others.has(line)) problems.push(`${table}.${other}: lacks a row of ${format}: ${line}`);
      }
    }
  }
  return problems.map((problem) => problem.slice(0, 600));
}

/** How often there is a row; null is as good as no such column. */
function linesOf(
  table: TableName,
  rows: readonly Row[],
  without: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, number> {
  const columns = storedColumns.get(table) ?? [];
  const json = new Set(columns.flatMap(({ name, type }) => (type.kind === 'json' ? [name] : [])));
  const lines = new Map<string, number>();
  for (const row of rows) {
    const cells = Object.entries(row).filter(([name, value]) => value !== null && !without.has(name));
    // JSONL and Parquet have it as text.
    const parsed = cells.map(([name, value]): readonly [string, unknown] => [
      name,
      json.has(name) && typeof value === 'string' ? (JSON.parse(value) as unknown) : value,
    ]);
    const line = JSON.stringify(parsed.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  return lines;
}
