import { runsText } from '../../archive/manifest/completed-rows.ts';
import type { Job } from '../../job/job.ts';
import { excelSafeOf } from '../../model/run/excel-safe.ts';
import type { Completion } from '../../model/run/load-result.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { haveSamePseudonyms } from '../../snapshot/superseded/superseded-runs.ts';
import { droppedMessages } from '../completion/dropped-messages.ts';
import { lackingColumns } from '../completion/lacking-columns.ts';
import { unmetPeople } from '../completion/met-in-rows.ts';
import { tableReadAgainTo } from '../completion/read-again-to.ts';
import { unshownFiles } from '../../parts/unshown-files.ts';
import { tablesOfJob } from '../completion/tables-of-job.ts';
import { namedFilesBecause, outdatedRows } from '../completion/outdated-rows.ts';

/** What rows of earlier runs are not, for the job as it is now. */
interface LeftBehind extends Pick<Completion, 'columns' | 'outdated'> {
  /** Runs that show people by name or by other pseudonyms, and are still current. */
  readonly otherPeople: readonly number[];
}

/**
 * What reading every room again would bring, before a run: columns and messages that rows of earlier runs lack, and rows that
 * the job would write otherwise now. In which folders they lie, reading again does not change.
 *
 * @throws JobError for a plug-in that does not load
 */
export async function leftBehind(
  { transform, sinks }: Pick<Job, 'transform' | 'sinks'>,
  history: ArchiveHistory,
): Promise<LeftBehind> {
  const { tables, md } = transform;
  const { steps, tables: all } = await tablesOfJob(transform);
  const columns = tables.map((table) => ({ table, columns: all[table].columns.map(({ name }) => name) }));
  return {
    columns: [...lackingColumns(history, columns), ...droppedMessages(history, tables, steps)],
    outdated: outdatedRows(history, tables, {
      steps,
      partition: null,
      md: md === 'json',
      excelSafe: excelSafeOf(sinks) ?? {},
    }).filter(
      ({ table, runs, because }) =>
        because !== namedFilesBecause &&
        // Rows of files stay outdated behind a reading anew, and another would change nothing.
        runs.some((run) => run > tableReadAgainTo(table, history) && !history.superseded.runs.has(run)),
    ),
    otherPeople: history.runs.filter((run) => !haveSamePseudonyms(run.steps, steps)).map(({ run }) => run),
  };
}

/** The same in sentences, for a run that does not read every room again. */
export async function leftBehindNotes(
  job: Pick<Job, 'transform' | 'sinks' | 'attachments'>,
  history: ArchiveHistory,
): Promise<readonly string[]> {
  const { columns, outdated } = await leftBehind(job, history);
  const unmet = [
    ...unmetPeople(history, job.transform.tables),
    ...(job.attachments === undefined ? [] : unshownFiles(history, job.attachments)),
  ];
  return [
    ...byReason(columns).map(([tables, { columns: names, runs, because }]) =>
      names === null
        ? `${tables}: rows of ${textOf(runs)} are missing: ${because}.`
        : `${tables}: ${names.join(', ')} ${names.length === 1 ? 'stays' : 'stay'} null in rows of ${textOf(runs)}: ${because}. With \`backfill: true\` the next run reads every room again and fills ${names.length === 1 ? 'it' : 'them'}.`,
    ),
    ...unmet.map(({ table, runs, because }) => `${table}: some rows of ${textOf(runs)} are missing: ${because}.`),
    ...byReason(outdated).map(
      ([tables, { runs, because }]) =>
        `${tables}: rows of ${textOf(runs)} stay as they are: ${because}. With \`backfill: true\` the next run reads every room again and writes what is current anew.`,
    ),
  ];
}

/** What a run does to rows that show people otherwise, in a sentence, when it reads every room again; null: there are none. */
export async function supersededAhead(
  job: Pick<Job, 'transform' | 'sinks'>,
  history: ArchiveHistory,
): Promise<string | null> {
  const { otherPeople } = await leftBehind(job, history);
  if (otherPeople.length === 0) return null;
  return `Rows of ${textOf(otherPeople)} show people by name or by other pseudonyms: behind that no row of theirs is current any more, nor is what can be read no more, and \`compact --latest\` removes them.`;
}

/** Tables of which the same is to be said. */
function byReason<One extends { readonly table: string; readonly runs: readonly number[]; readonly because: string }>(
  all: readonly One[],
): readonly (readonly [string, One])[] {
  const groups = new Map<string, [readonly string[], One]>();
  for (const one of all) {
    const { table, ...rest } = one;
    const key = JSON.stringify(rest);
    groups.set(key, [[...(groups.get(key)?.[0] ?? []), table], one]);
  }
  return [...groups.values()].map(([tables, one]) => [tables.join(', '), one]);
}

function textOf(runs: readonly number[]): string {
  return runsText(runs);
}
