import { textOrNull } from '../../model/text/text-or-null.ts';
import { wholeMessageTables } from '../../model/table-name.ts';
import { intactHistory } from '../../snapshot/intact/intact-history.ts';
import { isInRanges } from '../../archive/manifest/completed-rows.ts';
import { DifferenceError, UsageError } from '../../errors.ts';
import type { ColumnSpec } from '../../model/column.ts';
import type { Completion } from '../../model/run/load-result.ts';
import type { ArchiveHistory, ArchiveRun } from '../../snapshot/archive-history.ts';
import { tableFiles } from '../../snapshot/table-files.ts';
import type { TableReader } from '../../snapshot/table-reader.ts';
import { senderColumns } from '../../tables/sender-columns.ts';
import { storedColumns } from '../../tables/stored-columns.ts';
import type { MetPeople } from '../met-people.ts';
import type { StepSettings } from '../../snapshot/superseded/superseded-runs.ts';

const listed: readonly string[] = ['ts', 'run', ...senderColumns.map(({ name }) => name)];
const columns: readonly ColumnSpec[] = (storedColumns.get('messages') ?? []).filter(({ name }) =>
  listed.includes(name),
);

/**
 * Collects the senders of messages that earlier runs read without making the table of users, from the rows that those runs
 * wrote: also of messages, rooms and accounts that are gone since. Rows that do not say who a sender is are those of a job
 * that hid it, or made no table of messages; such rooms are read once more, see planRereads.
 *
 * @returns the runs whose senders the table may lack
 */
export async function meetInRows(
  { reader, history, steps }: { readonly reader: TableReader } & Told,
  met: MetPeople,
): Promise<Completion['columns']> {
  const unmet = history.runs.filter((run) => isUnmet(run, history));
  const shown = unmet.filter(({ steps: then }) => !hidesSenders(then) && !hidesSenders(steps));
  const untold = new Map<string, number[]>();
  const note = (run: number, because: string): void => {
    untold.set(because, [...(untold.get(because) ?? []), run]);
  };
  for (const { run, steps: then } of unmet) {
    if (hidesSenders(steps)) note(run, goneSince);
    else if (hidesSenders(then)) note(run, hidden);
  }
  const isRead = new Set<number>();
  for (const table of wholeMessageTables) {
    const runs = shown.filter(({ tables }) => (tables[table] ?? 0) > 0).map(({ run }) => run);
    const because = runs.length === 0 ? null : await meetIn(reader, history, { table, runs: new Set(runs) }, met);
    for (const run of runs) {
      if (because !== null) note(run, because);
      isRead.add(run);
    }
  }
  // Of a run without a table of messages, side tables have those senders alone whose messages have elements.
  for (const { run, messageTables: read, tables } of shown) {
    if (!isRead.has(run) && ![...read].every((table) => Object.hasOwn(tables, table))) note(run, goneSince);
  }
  const isLate = (run: number): boolean => run > history.forgotten;
  return [...untold].flatMap(([because, all]) => {
    const runs = [...new Set(all)].sort((a, b) => a - b);
    const [late, early] = [runs.filter(isLate), runs.filter((run) => !isLate(run))];
    const found = { table: 'users', columns: null, because };
    return [
      ...(late.length === 0 ? [] : [{ ...found, runs: late }]),
      ...(early.length === 0 ? [] : [{ ...found, runs: early, isReadAgain: true as const }]),
    ];
  });
}

/** Whether no later run can say more of senders that are lacking for this reason. */
export function isForGood(because: string): boolean {
  return because === goneSince || because === hidden || because === deletedBefore;
}

/**
 * The runs of which the tables of people may lack who had gone when they came: those did not ask, and the server lists no
 * former members and no deleted accounts.
 *
 * @param made tables of the job
 */
export function unmetPeople({ runs }: Pick<ArchiveHistory, 'runs'>, made: readonly string[]): Completion['columns'] {
  const reasons = { users: deletedBefore, room_members: leftBefore };
  return Object.entries(reasons).flatMap(([table, because]) => {
    const unasked = runs.filter(({ tables }) => !Object.hasOwn(tables, table) && hasRows(tables));
    if (!made.includes(table) || unasked.length === 0) return [];
    return [{ table, columns: null, runs: unasked.map(({ run }) => run), because }];
  });
}

const leftBefore =
  'they did not ask for members: who left before a run did is not in it, and `first_run` counts from then';
const deletedBefore =
  'they did not ask for users: of an account that was deleted before a run did there is no `delete`, and who sent messages is in it as they show it';

function hasRows(tables: ArchiveRun['tables']): boolean {
  return Object.values(tables).some((rows) => rows > 0);
}

interface Told {
  readonly history: ArchiveHistory;
  /** Of the job as it is now. */
  readonly steps: readonly StepSettings[];
}

const who = 'who only sent messages that they read, and is in no list of users or members,';
const goneSince = `they did not make it, and their rows do not tell who sent them: ${who} is not in it if those messages are gone from the server since`;
const hidden = `they did not make it, and their job hid who sent them: ${who} is not in it: after \`state forget\` the next run reads every room again`;

/** Whether a run has read messages of people whom no later run has brought into the table. */
function isUnmet({ run, tables }: ArchiveRun, { runs }: ArchiveHistory): boolean {
  if (Object.hasOwn(tables, 'users') || !hasRows(tables)) return false;
  return !runs.some(
    (later) =>
      later.run > run &&
      Object.hasOwn(later.tables, 'users') &&
      later.incomplete !== null &&
      !later.incomplete.some(
        ({ table, format, because, runs: lacking }) =>
          table === 'users' && format === null && because !== deletedBefore && isInRanges(lacking, run),
      ),
  );
}

/** Whether rows show others than the senders, or nobody, or what code of one's own made of them. */
function hidesSenders(steps: readonly StepSettings[]): boolean {
  return steps.some(({ step, settings }) => {
    switch (step) {
      case 'dropSystemMessages':
      case 'period':
        return false;
      case 'dropColumns': {
        const dropped: unknown = settings['columns'];
        return !Array.isArray(dropped) || listed.some((name) => dropped.includes(name));
      }
      default:
        return true;
    }
  });
}

/** @returns why the rows cannot be read; null: they have been */
async function meetIn(
  reader: TableReader,
  history: ArchiveHistory,
  { table, runs }: { readonly table: string; readonly runs: ReadonlySet<number> },
  met: MetPeople,
): Promise<string | null> {
  try {
    const intact = await intactHistory(reader, history, (one) => tableFiles(one, table));
    for (const file of tableFiles(intact, table)) {
      if (file.rows === 0 || !(file.isOfOthers || runs.has(file.place.run))) continue;
      for await (const rows of reader.rows(file, columns)) {
        for (const { ts, run, user_id: userId, username, user_name: userName } of rows) {
          if (typeof run !== 'number' || !runs.has(run) || typeof userId !== 'string' || !(ts instanceof Date))
            continue;
          const sent = { ts, userId, username: textOrNull(username), userName: textOrNull(userName) };
          met.note(sent, sent);
        }
      }
    }
    return null;
  } catch (error) {
    // Formats of plug-ins only, or a file that is not what its manifest says: tried again when it has been restored.
    if (error instanceof UsageError || error instanceof DifferenceError) return error.message;
    throw error;
  }
}
