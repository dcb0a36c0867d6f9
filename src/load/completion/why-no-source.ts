import { isDeepStrictEqual } from 'node:util';
import { DifferenceError } from '../../errors.ts';
import type { ColumnSpec, Row } from '../../model/column.ts';
import type { StepCount } from '../../model/run/load-result.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import type { LackingRows } from './lacking-rows.ts';
import type { TableFile } from '../../snapshot/table-files.ts';
import type { TableReader } from '../../snapshot/table-reader.ts';
import { storedColumns } from '../../tables/stored-columns.ts';
import { mayBeExcelSafe } from './excel-safe-cells.ts';

/** A job's step, without secrets. */
export type StepSettings = Pick<StepCount, 'step' | 'settings'>;

const builtIn: readonly string[] = ['dropSystemMessages', 'period', 'dropColumns', 'pseudonymize'];

interface CompletedTable {
  readonly history: ArchiveHistory;
  readonly steps: readonly StepSettings[];
  /** Of the format that is completed. */
  readonly columns: readonly ColumnSpec[];
}

/**
 * Why rows of earlier runs cannot be taken from the files that have them, in a sentence that may stand behind a colon; null:
 * they can. Reads every file to its end, for what it says is compared with its manifest.
 */
export async function whyNoSource(
  reader: TableReader,
  { files, runs, source }: LackingRows,
  { history, steps, columns }: CompletedTable,
): Promise<string | null> {
  if (source === null) return 'they are there in formats of plug-ins only, which this program cannot read';
  // Who has people pseudonymized from now on must not find their names in new files.
  const isOther = history.runs.some(({ run, steps: then }) => runs.includes(run) && !hasSamePseudonyms(then, steps));
  if (isOther) return 'they were written before the job said `pseudonymize`, or with another key';
  const newStep = steps.find(
    (step) => isOwn(step) && history.runs.some((run) => runs.includes(run.run) && !has(run.steps, step)),
  );
  if (newStep !== undefined)
    return `they were written before the job had the step "${newStep.step}", or with other options of it`;
  if (!columns.some(({ name }) => name === 'run'))
    return 'without the column "run" nobody could tell which are current';
  try {
    for (const file of files) {
      const names = await reader.columns(file);
      if (names?.includes('run') !== true) return `"${file.path}" has no column "run"`;
      if (file.format === 'csv' && (await isChanged(reader, file))) {
        return `"${file.path}" is CSV that may have been made with \`excelSafe\`, which changes texts`;
      }
    }
  } catch (error) {
    if (!(error instanceof DifferenceError)) throw error;
    return error.message;
  }
  return null;
}

/** Code of one's own may hide texts: rows that it has not seen do not get into new files. */
function isOwn({ step }: StepSettings): boolean {
  return !builtIn.includes(step);
}

function has(then: readonly StepSettings[], { step, settings }: StepSettings): boolean {
  return then.some((one) => one.step === step && isDeepStrictEqual(one.settings, settings));
}

function hasSamePseudonyms(then: readonly StepSettings[], now: readonly StepSettings[]): boolean {
  const keysOf = (steps: readonly StepSettings[]): readonly unknown[] =>
    steps.filter(({ step }) => step === 'pseudonymize').map(({ settings }) => settings);
  const keys = keysOf(now);
  return keys.length === 0 || isDeepStrictEqual(keysOf(then), keys);
}

async function isChanged(reader: TableReader, file: TableFile): Promise<boolean> {
  const columns = storedColumns.get(file.table) ?? [];
  for await (const rows of reader.rows(file, columns)) {
    if (rows.some((row: Row) => mayBeExcelSafe(row))) return true;
  }
  return false;
}
