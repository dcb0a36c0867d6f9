import { readRunManifest } from '../../archive/manifest/run-manifests.ts';
import { runsIn } from '../../archive/manifest/completed-rows.ts';
import { ExportError } from '../../errors.ts';
import { excelSafeOf } from '../../model/run/excel-safe.ts';
import { stepsOfJob } from '../../model/run/purge-rule.ts';
import type { Completion } from '../../model/run/load-result.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import type { Disk } from '../../system/disk.ts';
import type { TableOutput } from '../../parts/table-output.ts';
import type { MetPeople } from '../met-people.ts';
import type { LoadPlan } from '../load-plan.ts';
import { isForGood } from './met-in-rows.ts';
import { readAgainTo } from './read-again-to.ts';
import type { StepSettings } from '../../snapshot/superseded/superseded-runs.ts';

type CompletedPlan = Pick<
  LoadPlan,
  'archive' | 'runPlan' | 'jobSha256' | 'partition' | 'transform' | 'sinks' | 'replayed' | 'refill' | 'attachments'
>;

/** What became of the rows of earlier runs, and which tables have no file of a format yet. */
interface EarlierRows extends Completion {
  readonly isNew: (output: TableOutput) => boolean;
}

/**
 * Completes what formats and tables of the job lack of earlier runs, and collects the people whom only their rows show. An archive whose chain is damaged is continued all the
 * same, and completed when it has been restored.
 */
export async function completeEarlier(
  disk: Disk,
  plan: CompletedPlan,
  allSteps: readonly StepSettings[],
  outputs: readonly TableOutput[],
  met: MetPeople,
): Promise<EarlierRows> {
  const nothing = { completed: [], incomplete: [], columns: [], outdated: [], unlooked: null };
  if (plan.runPlan.run === 1) return { ...nothing, isNew: () => true };
  const whole = plan.refill === undefined ? await foundByLast(disk, plan) : undefined;
  if (whole !== undefined) return { ...nothing, ...whole, isNew: () => false };
  // Few runs need it: what reads archives is loaded then.
  const { readArchiveHistory } = await import('../../snapshot/archive-history.ts');
  const steps = stepsOfJob(allSteps);
  let history: ArchiveHistory;
  try {
    history = await readArchiveHistory(disk, plan.archive, steps);
    if (plan.refill !== undefined) history = { ...history, forgotten: history.newest };
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    return { ...nothing, unlooked: error.message, isNew: () => false };
  }
  const { completeFormats } = await import('./complete-formats.ts');
  const { droppedMessages } = await import('./dropped-messages.ts');
  const { outdatedRows } = await import('./outdated-rows.ts');
  const { lackingColumns } = await import('./lacking-columns.ts');
  const { meetInRows, unmetPeople } = await import('./met-in-rows.ts');
  const { unshownFiles } = await import('../../parts/unshown-files.ts');
  const { TableReader } = await import('../../snapshot/table-reader.ts');
  const { hasNoFile } = await import('./lacking-rows.ts');
  const { once } = await import('./lacking-formats.ts');
  const { whyNoReplay } = await import('../kept/why-no-replay.ts');
  const { archive, replayed } = plan;
  const again = replayed === undefined ? null : await readArchiveHistory(disk, replayed);
  const reader = new TableReader(disk, archive, history);
  const made = columnsByTable(outputs);
  const job = {
    steps,
    partition: plan.partition,
    md: made.some(({ columns }) => columns.includes('md')),
    excelSafe: excelSafeOf(plan.sinks) ?? {},
  };
  const before = beforeReset(history);
  const names = made.map(({ table }) => table);
  // Of files nothing is written anew: what is said of all their runs holds for every room.
  const anew = made.filter(({ table }) => readAgainTo(table, history) > 0);
  const anewNames = anew.map(({ table }) => table);
  const outdatedBefore = outdatedRows(before, anewNames, job).filter(({ table }) => anewNames.includes(table));
  return {
    ...(await completeFormats(
      {
        reader,
        history,
        steps,
        replayed:
          replayed === undefined || again === null
            ? null
            : { history: again, reader: new TableReader(disk, replayed, again) },
        whyNoReplay: once(async () => (again === null ? whyNoReplay(disk, archive, plan) : null)),
      },
      outputs,
    )),
    columns: [
      ...lackingColumns(history, made),
      ...droppedMessages(history, names, steps),
      ...ofRoomsNotReadAgain([...lackingColumns(before, anew), ...droppedMessages(before, anewNames, steps)]),
      ...unmetPeople(history, names),
      ...(plan.attachments === undefined ? [] : unshownFiles(history, plan.attachments)),
      ...(names.includes('users') ? await meetInRows({ reader, history, steps }, met) : []),
    ],
    outdated: [...outdatedRows(history, names, job), ...ofRoomsNotReadAgain(outdatedBefore)],
    unlooked: null,
    isNew: ({ schema, sink }) => hasNoFile(history, schema.table, sink),
  };
}

/**
 * What rows of earlier runs lack or have too much, if the run before found nothing else missing for the same job: then one
 * manifest is read, and not the whole chain. undefined: it has to be looked up.
 */
export async function foundByLast(
  disk: Disk,
  { archive, runPlan, jobSha256 }: CompletedPlan,
): Promise<Pick<Completion, 'columns' | 'outdated'> | undefined> {
  const { manifest } = await readRunManifest(disk, archive, runPlan.run - 1);
  if (manifest.kind !== 'export' || manifest.job.sha256 !== jobSha256) return undefined;
  // What tables lack of rooms the state says.
  const incomplete = manifest.coverage?.incomplete?.filter(({ runs }) => runs.length > 0);
  // Formats and files that could not be read are tried again, what earlier runs have not read or kept stays away.
  const found = incomplete?.flatMap(({ table, format, columns, runs, because, rooms }) =>
    format !== null || (table === 'users' && !isForGood(because))
      ? []
      : [{ table, columns, runs: runsIn(runs), because, ...(rooms && { isReadAgain: true as const }) }],
  );
  const outdated = manifest.coverage?.outdated;
  if (found === undefined || outdated === undefined || found.length !== incomplete?.length) return undefined;
  return {
    columns: found,
    outdated: outdated.map(({ table, because, runs, rooms }) => ({
      table,
      because,
      runs: runsIn(runs),
      ...(rooms && { isReadAgain: true as const }),
    })),
  };
}

/** The runs before every room was to be read again, as if none had been; without files, which other rows stand in, too. */
function beforeReset({ runs: all, forgotten, ...history }: ArchiveHistory): ArchiveHistory {
  const runs = all.filter(({ run }) => run <= forgotten);
  return { ...history, runs, everyRun: runs, files: [], forgotten: 0 };
}

function ofRoomsNotReadAgain<Found extends object>(
  found: readonly Found[],
): readonly (Found & { isReadAgain: true })[] {
  return found.map((one) => ({ ...one, isReadAgain: true }));
}

function columnsByTable(outputs: readonly TableOutput[]): readonly { table: string; columns: readonly string[] }[] {
  const tables = new Map(outputs.map(({ schema }) => [schema.table, schema.columns.map(({ name }) => name)]));
  return [...tables].map(([table, columns]) => ({ table, columns }));
}
