import { ownCopy } from '../../model/text/own-copy.ts';
import { wholeMessageTables } from '../../model/table-name.ts';
import { UsageError } from '../../errors.ts';
import { nearest } from '../../model/text/nearest.ts';
import { isEmptyPeriod } from '../../job/schema/period-schema.ts';
import { parseTimestampMs } from '../../job/schema/timestamp.ts';
import type { ColumnSpec, Row } from '../../model/column.ts';
import type { TableName } from '../../model/table-name.ts';

/** Which rows of a table are wanted: those that all of these allow. */
export interface RowSelection {
  /** Ids or names of rooms: rows of any of them. A name is that of every room that had it in some run. */
  readonly rooms?: readonly string[];
  /** Ids or usernames: rows of messages that any of them sent, of `users` and `room_members` the people themselves. */
  readonly users?: readonly string[];
  /** Of messages sent then or later: a date (UTC) or a time with its zone, as in jobs. */
  readonly since?: string;
  /** Of messages sent before then. */
  readonly until?: string;
}

/** What tells whether a row is selected. */
export interface RowSelector {
  /** What it looks at. */
  readonly columns: readonly string[];
  /** @param row of the whole row or these columns; times may be epoch milliseconds, as they lie in Parquet */
  readonly isSelected: (row: Row) => boolean;
}

/** Whom or what a part of the selection names: the columns that say so, first the id, and the tables that have names. */
const named = {
  rooms: {
    thing: 'room',
    option: '--room',
    columns: ['room_id', 'room_name', 'room_title'],
    tables: ['rooms', ...wholeMessageTables],
  },
  users: {
    thing: 'user',
    option: '--user',
    columns: ['user_id', 'username'],
    tables: ['users', 'room_members', ...wholeMessageTables],
  },
} as const satisfies Record<
  string,
  { thing: string; option: string; columns: readonly [string, ...string[]]; tables: readonly TableName[] }
>;

type Part = keyof typeof named;

/** Reads some columns of all rows of a table, of every version; none of a table that the archive does not have. */
type ReadColumns = (table: TableName, columns: readonly string[]) => AsyncIterable<readonly Row[]>;

const parts = ['rooms', 'users'] as const satisfies readonly Part[];

/**
 * What tells whether a row is selected; undefined where all are.
 *
 * @param columns of the table
 * @param read finds the ids that a name had: rows of elements hold ids only
 * @throws UsageError for a table without the column, a name that no row has, and what is no time
 */
export async function rowSelector(
  table: TableName,
  selection: RowSelection,
  columns: readonly ColumnSpec[],
  read: ReadColumns,
): Promise<RowSelector | undefined> {
  const tests: ((row: Row) => boolean)[] = [];
  const asked: string[] = [];
  const inPeriod = periodTest(selection);
  if (inPeriod !== undefined) {
    expectColumn(table, columns, 'ts', selection.since === undefined ? '--until' : '--since');
    tests.push(inPeriod);
    asked.push('ts');
  }
  for (const part of parts) {
    const words = selection[part];
    if (words === undefined) continue;
    const [idColumn] = named[part].columns;
    expectColumn(table, columns, idColumn, named[part].option);
    const ids = idsOf(part, words, await knownNames(part, table, read));
    asked.push(idColumn);
    tests.push((row) => {
      const id = row[idColumn];
      return typeof id === 'string' && ids.has(id);
    });
  }
  return tests.length === 0 ? undefined : { columns: asked, isSelected: (row) => tests.every((test) => test(row)) };
}

function periodTest({ since, until }: RowSelection): ((row: Row) => boolean) | undefined {
  if (since === undefined && until === undefined) return undefined;
  const sinceMs = since === undefined ? Number.NEGATIVE_INFINITY : timeMs('--since', since);
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : timeMs('--until', until);
  if (isEmptyPeriod({ since, until }))
    throw new UsageError(`Invalid --since "${since}", which is not before --until "${until}"`);
  return ({ ts }) => {
    const tsMs = ts instanceof Date ? ts.getTime() : ts;
    return typeof tsMs === 'number' && tsMs >= sinceMs && tsMs < untilMs;
  };
}

function timeMs(option: string, text: string): number {
  const ms = parseTimestampMs(text);
  if (ms !== undefined) return ms;
  throw new UsageError(
    `Invalid ${option} "${text}", expected a date (2024-01-31) or a time with its zone (2024-01-31T18:00:00Z)`,
  );
}

function expectColumn(table: TableName, columns: readonly ColumnSpec[], column: string, option: string): void {
  if (columns.some(({ name }) => name === column)) return;
  throw new UsageError(`Cannot use ${option} with table "${table}": the archive has no column "${column}" of it`, {
    hint: 'Leave the option out, or choose another table',
  });
}

/** By id, and by each name, the ids that had it. */
async function knownNames(
  part: Part,
  table: TableName,
  read: ReadColumns,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { columns, tables } = named[part];
  const known = new Map<string, Set<string>>();
  for (const source of new Set<TableName>([table, ...tables])) {
    for await (const batch of read(source, columns)) for (const row of batch) addNames(known, row, columns);
  }
  return known;
}

function addNames(known: Map<string, Set<string>>, row: Row, columns: readonly [string, ...string[]]): void {
  const id = row[columns[0]];
  if (typeof id !== 'string') return;
  for (const column of columns) {
    const word = row[column];
    if (typeof word !== 'string' || word === '') continue;
    const ids = known.get(word);
    if (ids?.has(id) === true) continue;
    if (ids !== undefined) ids.add(ownCopy(id));
    else known.set(ownCopy(word), new Set([ownCopy(id)]));
  }
}

function idsOf(
  part: Part,
  words: readonly string[],
  known: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const word of words) {
    const found = known.get(word);
    if (found === undefined) {
      const near = nearest(word.replace(/^[#@]/, ''), [...known.keys()]);
      throw new UsageError(`Unknown ${named[part].thing} "${word}": no row of the archive has that id or name`, {
        ...(near !== undefined && { hint: `Did you mean "${near}"?` }),
      });
    }
    for (const id of found) ids.add(id);
  }
  return ids;
}
