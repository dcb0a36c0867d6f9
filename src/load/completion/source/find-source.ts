import { DifferenceError } from '../../../errors.ts';
import type { ColumnSpec, Row } from '../../../model/column.ts';
import { haveSamePseudonyms, hasStep, type StepSettings } from '../../../snapshot/superseded/superseded-runs.ts';
import type { ArchiveHistory } from '../../../snapshot/archive-history.ts';
import type { LackingRows } from '../lacking-rows.ts';
import type { TableFile } from '../../../snapshot/table-files.ts';
import type { TableReader } from '../../../snapshot/table-reader.ts';
import { storedColumns } from '../../../tables/stored-columns.ts';
import type { Unusable } from '../../kept/why-no-replay.ts';
import { mayBeExcelSafe } from './excel-safe-cells.ts';

const builtIn: readonly string[] = ['dropSystemMessages', 'period', 'dropColumns', 'pseudonymize'];

interface CompletedTable {
  readonly history: ArchiveHistory;
  readonly steps: readonly StepSettings[];
  readonly table: string;
  /** Of the format that is completed. */
  readonly columns: readonly ColumnSpec[];
  /** Asked where no format has the rows. */
  readonly whyNoReplay: () => Promise<Unusable | null>;
}

/** From where rows of earlier runs can be had: copied, or made once more of kept journals. */
export type FoundSource =
  | { readonly kind: 'files'; readonly files: readonly TableFile[]; readonly format: string }
  | { readonly kind: 'raw' }
  | ({ readonly kind: 'none' } & Unusable);

/**
 * Finds the first source of rows of earlier runs whose files are what their manifests say and can be copied; without any, the
 * journals that those runs kept. Reads every file to its end to see that.
 */
export async function findSource(
  reader: TableReader,
  { sources, runs }: LackingRows,
  { history, steps, table, columns, whyNoReplay }: CompletedTable,
): Promise<FoundSource> {
  const hidden = whyHidden(runs, { history, steps, columns });
  if (hidden !== null) return { kind: 'none', because: hidden, isForGood: false };
  const needed = neverNull(table, columns);
  const dropped = history.runs.flatMap((run) => (runs.includes(run.run) ? (droppedOf(needed, run) ?? []) : []))[0];
  if (dropped !== undefined) {
    const because = `their job dropped the column "${dropped}", which is never null`;
    return { kind: 'none', because, isForGood: true };
  }
  const reasons: Unusable[] = [];
  if (sources.length === 0) {
    const because = 'they are there in formats of plug-ins only, which this program cannot read';
    reasons.push({ because, isForGood: true });
  }
  for (const { sink, files } of sources) {
    const reason = await whyUnusable(reader, files, needed);
    if (reason === null) return { kind: 'files', files, format: sink.split(' ').at(-1) ?? sink };
    reasons.push(reason);
  }
  const unkept = await whyNoReplay();
  if (unkept === null) return { kind: 'raw' };
  reasons.push(unkept);
  return {
    kind: 'none',
    because: reasons.map(({ because }) => because).join('; '),
    isForGood: reasons.every(({ isForGood }) => isForGood),
  };
}

/** Why no rows of those runs may get into new files as they are; null: they may. */
function whyHidden(
  runs: readonly number[],
  { history, steps, columns }: Pick<CompletedTable, 'history' | 'steps' | 'columns'>,
): string | null {
  // Who has people pseudonymized from now on must not find their names in new files.
  const isHiding = steps.some(({ step }) => step === 'pseudonymize');
  const isOther = history.runs.some(({ run, steps: then }) => runs.includes(run) && !haveSamePseudonyms(then, steps));
  if (isHiding && isOther) {
    return 'they were written before the job said `pseudonymize`, or with another key';
  }
  const newStep = steps.find(
    (step) => isOwnStep(step) && history.runs.some((run) => runs.includes(run.run) && !hasStep(run.steps, step)),
  );
  if (newStep !== undefined) {
    return `they were written before the job had the step "${newStep.step}", or with other options of it`;
  }
  return columns.some(({ name }) => name === 'run')
    ? null
    : 'without the column "run" nobody could tell which are current';
}

async function whyUnusable(
  reader: TableReader,
  files: readonly TableFile[],
  needed: readonly string[],
): Promise<Unusable | null> {
  try {
    for (const file of files) {
      const names = await reader.columns(file);
      const lost = ['run', ...needed].find((name) => names?.includes(name) !== true);
      if (lost !== undefined) return { because: `"${file.path}" has no column "${lost}"`, isForGood: true };
      if (file.format === 'csv' && (await isChanged(reader, file))) {
        const because = `"${file.path}" is CSV that may have been made with \`excelSafe\`, which changes texts`;
        return { because, isForGood: true };
      }
    }
  } catch (error) {
    if (!(error instanceof DifferenceError)) throw error;
    return { because: error.message, isForGood: false };
  }
  return null;
}

/** Columns of a table that are never null: a format that has them cannot be given rows without. */
function neverNull(table: string, columns: readonly ColumnSpec[]): readonly string[] {
  const written = new Set(columns.map(({ name }) => name));
  const stored = storedColumns.get(table) ?? [];
  return stored.filter(({ name, nullable }) => !nullable && written.has(name)).map(({ name }) => name);
}

/** The one of these columns that a run dropped; undefined: it kept all. */
function droppedOf(names: readonly string[], { steps }: ArchiveHistory['runs'][number]): string | undefined {
  return names.find((name) =>
    steps.some(
      ({ step, settings: { columns } }) => step === 'dropColumns' && Array.isArray(columns) && columns.includes(name),
    ),
  );
}

/** Code of one's own may hide texts: rows that it has not seen do not get into new files. */
export function isOwnStep({ step }: StepSettings): boolean {
  return !builtIn.includes(step);
}

async function isChanged(reader: TableReader, file: TableFile): Promise<boolean> {
  const columns = storedColumns.get(file.table) ?? [];
  for await (const rows of reader.rows(file, columns)) {
    if (rows.some((row: Row) => mayBeExcelSafe(row))) return true;
  }
  return false;
}
