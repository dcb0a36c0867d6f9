import { isDeepStrictEqual } from 'node:util';
import type { Partition } from '../../job/job.ts';
import { listTableNames } from '../../model/table-name.ts';
import type { Completion } from '../../model/run/load-result.ts';
import type { ArchiveHistory, ArchiveRun } from '../../snapshot/archive-history.ts';
import { storedColumns } from '../../tables/stored-columns.ts';
import { dropsAsMuch } from './dropped-messages.ts';
import { mayHoldSuperseded, supersededBecause, type StepSettings } from '../../snapshot/superseded/superseded-runs.ts';
import { isOwnStep } from './find-source.ts';

/** What a job makes of messages now. */
interface PresentJob {
  readonly steps: readonly StepSettings[];
  /** null: folders do not matter. */
  readonly partition: Partition | null;
}

/**
 * Rows of earlier runs that show what the steps of the job take out now, or that lie in other folders: nothing rewrites
 * them, so that whoever hands the archive on has to know. Rows are not named where every room has been read again since, for
 * what is current is as the job wants it then; but those that show people otherwise are while they are stored.
 *
 * @param tables of the job; of others it is looked for people only
 */
export function outdatedRows(
  history: ArchiveHistory,
  tables: readonly string[],
  job: PresentJob,
): Completion['outdated'] {
  const { runs, forgotten } = history;
  const others = new Set(history.everyRun.flatMap((run) => Object.keys(run.tables)));
  for (const table of tables) others.delete(table);
  const hiding = { partition: null, steps: job.steps.filter(({ step }) => step === 'pseudonymize') };
  return [
    ...supersededRows(history),
    ...outdatedOf(
      runs.filter(({ run }) => run > forgotten),
      tables,
      job,
    ),
    ...outdatedOf(
      runs.filter(({ run }) => run > forgotten),
      [...others],
      hiding,
    ),
  ];
}

function supersededRows({ everyRun, files, ...rows }: ArchiveHistory): Completion['outdated'] {
  const stored = new Set(files.filter((file) => mayHoldSuperseded(file, rows)).map(({ table }) => table));
  return [...stored].map((table) => {
    const of = everyRun.filter(({ run, tables }) => rows.superseded.runs.has(run) && (tables[table] ?? 0) > 0);
    return { table, runs: of.map(({ run }) => run), because: supersededBecause };
  });
}

function outdatedOf(runs: readonly ArchiveRun[], tables: readonly string[], job: PresentJob): Completion['outdated'] {
  return tables.flatMap((table) => {
    const byReason = new Map<string, number[]>();
    for (const run of runs) {
      if ((run.tables[table] ?? 0) === 0) continue;
      for (const because of reasons(run, table, job))
        byReason.set(because, [...(byReason.get(because) ?? []), run.run]);
    }
    return [...byReason].map(([because, own]) => ({ table, runs: own, because }));
  });
}

function reasons(run: ArchiveRun, table: string, { steps, partition }: PresentJob): readonly string[] {
  const isList = listTableNames.some((name) => name === table);
  const layout = layoutOf(run, table);
  return [
    ...steps.flatMap((step): string[] => {
      const { steps: then } = run;
      const same = then.some((one) => one.step === step.step && isDeepStrictEqual(one.settings, step.settings));
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
    ...(isList || layout === null || partition === null || layout === partition
      ? []
      : [`they lie in folders of \`partition: ${layout}\`, and the job says \`${partition}\` now`]),
  ];
}

function droppedNow(table: string, { step, settings }: StepSettings): readonly string[] {
  const { columns } = settings;
  if (step !== 'dropColumns' || !Array.isArray(columns)) return [];
  return (storedColumns.get(table) ?? []).flatMap(({ name }) => (columns.includes(name) ? [name] : []));
}

/** null: the run has no file of the table that shows it. */
function layoutOf({ files }: ArchiveRun, table: string): Partition | null {
  const file = files.find((one) => one.table === table && one.rows > 0);
  if (file === undefined) return null;
  const folder = file.place.folder.slice(table.length + 1);
  return folder === '' ? 'none' : folder.startsWith('month=') ? 'month' : 'room';
}
