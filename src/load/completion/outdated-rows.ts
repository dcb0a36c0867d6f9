import { isDeepStrictEqual } from 'node:util';
import { partitionKeyOf } from '../../archive/paths/partition-folder.ts';
import type { Partition } from '../../job/job.ts';
import type { ExcelSafe } from '../../model/run/excel-safe.ts';
import { filesTableName, listTableNames } from '../../model/table-name.ts';
import type { Completion } from '../../model/run/load-result.ts';
import type { ArchiveHistory, ArchiveRun } from '../../snapshot/archive-history.ts';
import { readAgainTo, type ReadAgain } from './read-again-to.ts';
import { storedColumns } from '../../tables/stored-columns.ts';
import { dropsAsMuch } from './dropped-messages.ts';
import { droppedColumns } from '../../snapshot/superseded/dropped-columns.ts';
import {
  haveSamePseudonyms,
  hasStep,
  mayHoldSuperseded,
  supersededBecause,
  type StepSettings,
} from '../../snapshot/superseded/superseded-runs.ts';
import { isOwnStep } from './source/find-source.ts';

/** What a job makes of messages now. */
interface PresentJob {
  readonly steps: readonly StepSettings[];
  /** Whether it keeps `md`. */
  readonly md: boolean;
  /** Whether its CSV is made for spreadsheets. */
  readonly excelSafe: ExcelSafe;
  /** null: folders do not matter. */
  readonly partition: Partition | null;
}

/**
 * Rows of earlier runs that other steps made, so that they show what the job takes out now or lack what it shows, or that
 * lie in other folders: nothing rewrites them, so that whoever hands the archive on has to know. Rows are not named where
 * every room has been read again for their table since, for what is current is as the job wants it then; but those that show people
 * otherwise are while they are stored.
 *
 * @param tables of the job; of others it is looked for people only
 */
export function outdatedRows(
  history: ArchiveHistory,
  tables: readonly string[],
  job: PresentJob,
): Completion['outdated'] {
  const others = new Set(history.everyRun.flatMap((run) => Object.keys(run.tables)));
  for (const table of tables) others.delete(table);
  const hiding = { steps: job.steps.filter(isPseudonymize), partition: null, md: true, excelSafe: {} };
  return [
    ...supersededRows(history),
    ...namedFiles(history, job.steps),
    ...outdatedOf(history, tables, job),
    ...(hiding.steps.length === 0
      ? []
      : outdatedOf({ ...history, runs: history.runs.map(onlyPeople) }, [...others], hiding)),
  ];
}

function isPseudonymize({ step }: StepSettings): boolean {
  return step === 'pseudonymize';
}

function onlyPeople(run: ArchiveRun): ArchiveRun {
  return { ...run, steps: run.steps.filter(isPseudonymize) };
}

/** Of files of messages that were saved before people were pseudonymized, in a sentence of the manifest. */
export const namedFilesBecause =
  'files of messages that were saved before the job said `pseudonymize`, or with another key, lie under `_files` with their names and contents: only a purge of their messages removes them';

function namedFiles(
  { everyRun, removedFiles }: ArchiveHistory,
  steps: readonly StepSettings[],
): Completion['outdated'] {
  if (!steps.some(isPseudonymize)) return [];
  const runs = everyRun.filter(
    ({ steps: then, savedFiles }) =>
      !haveSamePseudonyms(then, steps) && savedFiles.some((path) => !removedFiles.has(path)),
  );
  return runs.length === 0
    ? []
    : [{ table: filesTableName, runs: runs.map(({ run }) => run), because: namedFilesBecause }];
}

function supersededRows({ everyRun, files, ...rows }: ArchiveHistory): Completion['outdated'] {
  const stored = new Set(files.filter((file) => mayHoldSuperseded(file, rows)).map(({ table }) => table));
  return [...stored].map((table) => {
    const of = everyRun.filter(({ run, tables }) => rows.superseded.runs.has(run) && (tables[table] ?? 0) > 0);
    return { table, runs: of.map(({ run }) => run), because: supersededBecause };
  });
}

function outdatedOf(history: ReadAgain, tables: readonly string[], job: PresentJob): Completion['outdated'] {
  return tables.flatMap((table) => {
    const readAgain = readAgainTo(table, history);
    const byReason = new Map<string, number[]>();
    for (const run of history.runs) {
      if (run.run <= readAgain || (run.tables[table] ?? 0) === 0) continue;
      for (const because of reasons(run, table, job))
        byReason.set(because, [...(byReason.get(because) ?? []), run.run]);
    }
    return [...byReason].map(([because, own]) => ({ table, runs: own, because }));
  });
}

function reasons(run: ArchiveRun, table: string, { steps, partition, md, excelSafe }: PresentJob): readonly string[] {
  const isList = listTableNames.some((name) => name === table);
  const layout = layoutOf(run, table);
  return [
    ...steps.flatMap((step): string[] => {
      const { steps: then } = run;
      const same = hasStep(then, step);
      switch (step.step) {
        case 'dropColumns': {
          const kept = droppedNow(table, step).filter(
            (name) => !then.some((one) => droppedNow(table, one).includes(name)),
          );
          return kept.length === 0
            ? []
            : [`they hold ${kept.map((name) => `"${name}"`).join(', ')}, which the job drops now`];
        }
        case 'pseudonymize':
          return same
            ? []
            : ['they were written before the job said `pseudonymize`, or with another key: names stand in them'];
        case 'dropSystemMessages':
        case 'period':
          return isList || then.some((one) => dropsAsMuch(one, step))
            ? []
            : [`the step "${step.step}" of now may drop messages that are in them`];
        default:
          return isList || same || !isOwnStep(step)
            ? []
            : [`they were written before the job had the step "${step.step}", or with other options of it`];
      }
    }),
    ...(!md && run.md === true && holdsMd(table, run.steps) && !isDroppedNow(table, steps)
      ? ['they hold "md", which the job does not keep now']
      : []),
    ...excelSafeReasons(run.excelSafe ?? {}, excelSafe),
    ...takenAway(run.steps, steps).flatMap((step): string[] => {
      if (isPseudonymize(step))
        return ['the job says `pseudonymize` no more: pseudonyms stand in them, and names in later rows'];
      return isList || !isOwnStep(step) ? [] : [`they were written when the job had the step "${step.step}"`];
    }),
    ...(isList || isSameOrder(run.steps, steps)
      ? []
      : ['they were written with the steps of the job in another order']),
    ...(isList || layout === null || partition === null || layout === partition
      ? []
      : [`they lie in folders of \`partition: ${layout}\`, and the job says \`${partition}\` now`]),
  ];
}

function excelSafeReasons(then: ExcelSafe, now: ExcelSafe): readonly string[] {
  const changed = (['none', 'gzip', 'zstd'] as const).filter(
    (one) => then[one] !== undefined && now[one] !== undefined && then[one] !== now[one],
  );
  const reasons = changed.map((one) =>
    now[one] === true
      ? 'their CSV was written before the job said `excelSafe`: cells stand in it that a spreadsheet runs as formulas'
      : "their CSV was written with `excelSafe`, which the job does not say now: a `'` stands before cells that look like formulas",
  );
  return [...new Set(reasons)];
}

/** Steps of then that the job has no more. Of those with other options now it has a new one. */
function takenAway(then: readonly StepSettings[], now: readonly StepSettings[]): readonly StepSettings[] {
  const isNew = new Set(now.filter((step) => !hasStep(then, step)).map(({ step }) => step));
  return then.filter((step) => !hasStep(now, step) && !isNew.has(step.step));
}

/** Of the steps that both have. Only code of one's own makes other rows in another order, and not by that of `dropColumns`. */
function isSameOrder(then: readonly StepSettings[], now: readonly StepSettings[]): boolean {
  const kept = then.filter((step) => step.step !== 'dropColumns' && hasStep(now, step));
  if (!kept.some(isOwnStep)) return true;
  const stayed = now.filter((step) => step.step !== 'dropColumns' && hasStep(then, step));
  const inOrder = (steps: readonly StepSettings[]): unknown => steps.map(({ step, settings }) => [step, settings]);
  return isDeepStrictEqual(inOrder(kept), inOrder(stayed));
}

function holdsMd(table: string, steps: readonly StepSettings[]): boolean {
  return storedColumns.get(table)?.some(({ name }) => name === 'md') === true && !isDroppedNow(table, steps);
}

function isDroppedNow(table: string, steps: readonly StepSettings[]): boolean {
  return steps.some((step) => droppedNow(table, step).includes('md'));
}

function droppedNow(table: string, step: StepSettings): readonly string[] {
  const dropped = droppedColumns({ steps: [step] });
  return (storedColumns.get(table) ?? []).flatMap(({ name }) => (dropped.includes(name) ? [name] : []));
}

/** null: the run has no file of the table that shows it. */
function layoutOf({ files }: ArchiveRun, table: string): Partition | null {
  const file = files.find((one) => one.table === table && one.rows > 0);
  if (file === undefined) return null;
  const { partition } = file.place;
  return partition === undefined ? 'none' : (partitionKeyOf(partition) ?? null);
}
