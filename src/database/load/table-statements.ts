import { UsageError } from '../../errors.ts';
import type { ColumnSpec } from '../../model/column.ts';
import type { TableName } from '../../model/table-name.ts';
import { doubleQuoted } from '../../schemas/sql-text.ts';
import { typeName } from '../../schemas/type-names.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { hasSeveralRows, rowKeys } from '../../tables/rows/row-key.ts';
import type { Engine } from '../engine.ts';
import { archiveColumn } from './archive-place.ts';

/** A table as it is in the database. */
interface LoadedTable {
  readonly name: TableName;
  readonly columns: readonly ColumnSpec[];
}

const separate = 'Name a database, or in PostgreSQL a schema, of its own';

/**
 * Makes the table, or adds columns that a newer program has. Any of them may be null: a job may have dropped it.
 *
 * @param isKnown whether an earlier transaction has made it
 * @returns whether it was made now
 * @throws UsageError when there is a table of that name that is somebody else's, or none where one was
 */
export async function ensureTable(engine: Engine, { name, columns }: LoadedTable, isKnown: boolean): Promise<boolean> {
  const present = await engine.columns(name);
  if (present.length > 0 && !isKnown) {
    throw new UsageError(`Cannot load to the database: it has a table "${name}" that is not of this program`, {
      hint: separate,
    });
  }
  if (present.length === 0 && isKnown) {
    throw new UsageError(`Cannot load to the database: its table "${name}" is gone, or not in the search path`, {
      hint: 'Load into a new database',
    });
  }
  const columnText = (column: ColumnSpec): string =>
    `${doubleQuoted(column.name)} ${typeName(column.type, engine.types)}`;
  if (present.length === 0) {
    await expectNoView(engine, `latest_${name}`);
    const own = engine.ownColumn === undefined ? [] : [engine.ownColumn];
    await engine.execute(`CREATE TABLE ${doubleQuoted(name)} (${[...own, ...columns.map(columnText)].join(', ')})`);
    return true;
  }
  for (const column of columns) {
    if (present.includes(column.name)) continue;
    await engine.execute(`ALTER TABLE ${doubleQuoted(name)} ADD COLUMN ${columnText(column)}`);
  }
  return false;
}

/** What is made now cannot have had one of ours. */
async function expectNoView(engine: Engine, view: string): Promise<void> {
  if ((await engine.columns(view)).length === 0) return;
  throw new UsageError(`Cannot load to the database: it has a view "${view}" that is not of this program`, {
    hint: separate,
  });
}

const builtInSteps = new Set(['dropSystemMessages', 'period', 'dropColumns', 'pseudonymize']);

/**
 * Whether no key of any table can come twice in a run: the first programs wrote some, and a plug-in step may give two
 * messages the same id.
 */
export function areKeysUnique({ everyRun }: ArchiveHistory): boolean {
  return everyRun.every(
    ({ schemaVersion, steps }) => schemaVersion >= 2 && steps.every(({ step }) => builtInSteps.has(step)),
  );
}

/** Before rows come that an index of unique keys would refuse. */
export async function dropUniqueKey(engine: Engine, { name }: Pick<LoadedTable, 'name'>): Promise<void> {
  if (engine.hasIndexes) await engine.dropIndex(`${name}_key`);
}

/** Before rows come whose values its indexes cannot hold. */
export async function dropShortIndexes(engine: Engine, { name }: Pick<LoadedTable, 'name'>): Promise<void> {
  for (const suffix of ['key', 'versions', 'room']) await engine.dropIndex(`${name}_${suffix}`);
}

interface IndexOptions {
  readonly isUnique: boolean;
  readonly isNew: boolean;
  readonly hasLost: boolean;
  /** Whether values may be longer than an index holds. */
  readonly isLong: boolean;
}

/** After the rows: an index is made faster of all of them than one by one. */
export async function ensureIndexes(
  engine: Engine,
  { name, columns }: LoadedTable,
  { isUnique, isNew, hasLost, isLong }: IndexOptions,
): Promise<void> {
  if (!engine.hasIndexes) return;
  const has = (wanted: string): boolean => columns.some((column) => column.name === wanted);
  const numbers = [...['run', archiveColumn.name].filter(has), ...(hasSeveralRows(name) ? ['position'] : [])];
  const key = [...rowKeys[name], ...numbers];
  const long = isLong ? engine.longIndexes : undefined;
  if (long !== undefined) {
    if (isUnique) await engine.execute(long.unique(`${name}_key`, name, rowKeys[name], numbers));
    await engine.execute(long.lookup(`${name}_versions`, name, rowKeys[name][0] ?? 'message_id'));
    if (has('room_id') && has('ts')) await engine.execute(long.lookup(`${name}_room`, name, 'room_id'));
  } else {
    await engine.execute(
      isUnique ? indexText('UNIQUE INDEX', name, 'key', key) : indexText('INDEX', name, 'versions', key),
    );
  }
  if (hasLost && !isNew && has('text'))
    for (const statement of engine.renewTextIndex(name)) await engine.execute(statement);
  if (!isNew) return;
  if (has('room_id') && has('ts')) await engine.execute(indexText('INDEX', name, 'room', ['room_id', 'ts']));
  if (has('text')) for (const statement of engine.textIndex(name)) await engine.execute(statement);
}

function indexText(kind: string, table: string, suffix: string, columns: readonly string[]): string {
  return `CREATE ${kind} IF NOT EXISTS ${doubleQuoted(`${table}_${suffix}`)} ON ${doubleQuoted(table)} (${columns.map(doubleQuoted).join(', ')})`;
}
