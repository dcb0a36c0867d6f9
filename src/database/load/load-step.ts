import type { Row } from '../../model/column.ts';
import type { TableName } from '../../model/table-name.ts';
import { schemaTables } from '../../schemas/schema-formats.ts';
import { doubleQuoted } from '../../schemas/sql-text.ts';
import type { SchemaTable } from '../../schemas/schema-request.ts';
import type { ArchiveHistory } from '../../snapshot/archive-history.ts';
import { currentColumns } from '../../snapshot/current-columns.ts';
import { withoutKeyless } from '../../snapshot/without-keyless.ts';
import type { TableFile } from '../../snapshot/table-files.ts';
import type { TableReader } from '../../snapshot/table-reader.ts';
import { hasSeveralRows, rowKeys } from '../../tables/rows/row-key.ts';
import { storedColumns } from '../../tables/stored-columns.ts';
import { hasOldElements } from '../../views/table-views.ts';
import type { Engine } from '../engine.ts';
import type { LoadStep } from './archive-links.ts';
import { archiveColumn, ofPlace, type ArchivePlace } from './archive-place.ts';
import { latestOfOldElementsQuery, latestQuery } from './latest-view.ts';
import { latestOfUnionQuery } from './latest-of-union.ts';
import { recordRuns } from './loaded-runs.ts';
import { stepFiles } from './step-files.ts';
import { areKeysUnique, dropShortIndexes, dropUniqueKey, ensureIndexes, ensureTable } from './table-statements.ts';

/** What a transaction works with. */
export interface LoadTransaction {
  readonly engine: Engine;
  readonly history: ArchiveHistory;
  readonly reader: TableReader;
  /** In a database of several archives; absent: it is the only one. */
  readonly place?: ArchivePlace;
  /** After an IndexLimitError: whether ids may be longer than an index holds. */
  readonly hasLongIds: boolean;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  readonly onRows: (rows: number) => void;
}

/** What a step brought. */
export interface StepCounts {
  readonly rows: number;
  /** See InsertedRows. */
  readonly replaced: number;
}

/**
 * Loads the rows of a step's links, within a transaction. Tables that a compaction or a purge took rows out of are loaded anew
 * as a whole: so they hold what the archive holds, whatever was taken.
 *
 * @param loaded number of the last link that the database holds
 */
export async function loadStep(context: LoadTransaction, step: LoadStep, loaded: number): Promise<StepCounts> {
  const { engine, history, place, nowMs } = context;
  const last = step.links.at(-1)?.run ?? loaded;
  const runs = history.everyRun.filter(({ run }) => run <= last);
  // Rows of another archive may be of a plug-in step that repeats keys.
  const isUnique = place === undefined && areKeysUnique(history);
  const taken = new Set(loaded === 0 ? [] : step.links.flatMap(({ dropped }) => dropped));
  const tables = schemaTables({ md: true }).filter(({ name }) => runs.some((run) => Object.hasOwn(run.tables, name)));
  const counts = { rows: 0, replaced: 0 };
  for (const known of tables) {
    const { name } = known;
    const table = place === undefined ? known : { ...known, columns: [archiveColumn, ...known.columns] };
    const having = runs.filter((run) => Object.hasOwn(run.tables, name));
    const isKnown = having.some(({ run }) => run <= loaded);
    const isShared = place?.hasOthers === true && (await engine.columns(name)).includes(archiveColumn.name);
    const isNew = await ensureTable(engine, table, isKnown || isShared);
    if (!isUnique) await dropUniqueKey(engine, table);
    // Nobody but the server makes ids of rooms and people, which together are a key.
    const isLong = context.hasLongIds && rowKeys[name].length === 1;
    if (isLong) await dropShortIndexes(engine, table);
    const isAnew = taken.has(name);
    const isSuperseded = !isNew && step.links.some(({ run }) => run === history.superseded.since);
    if (isAnew) await engine.execute(`DELETE FROM ${doubleQuoted(name)}${ofPlace(place)}`);
    else if (isSuperseded) await removeSuperseded(context, known);
    const wanted = having.filter(
      ({ run, tables: rows }) => (isAnew || run > loaded) && (rows[name] ?? 0) > 0 && !history.superseded.runs.has(run),
    );
    if (wanted.length > 0) {
      const inserted = await insertRows(context, known, new Set(wanted.map(({ run }) => run)));
      counts.rows += inserted.rows;
      counts.replaced += inserted.replaced;
    }
    await ensureIndexes(engine, table, { isUnique, isNew, hasLost: isAnew || isSuperseded, isLong });
  }
  // Views of several archives name its table.
  await recordRuns(engine, step.links, nowMs(), place);
  for (const table of tables) {
    const columns = table.columns.map(({ name }) => name);
    await engine.replaceView(`latest_${table.name}`, await viewQuery(context, table, runs), columns);
  }
  return counts;
}

async function viewQuery(
  { engine, history, place }: LoadTransaction,
  table: SchemaTable,
  runs: ArchiveHistory['everyRun'],
): Promise<string> {
  if (place === undefined) {
    if (hasOldElements({ runs }, table.name)) return latestOfOldElementsQuery(table);
    const keyed = withoutKeyless(history, table.name).runs;
    const keyless = history.runs.filter((run) => !keyed.includes(run));
    return latestQuery(
      table,
      keyless.map(({ run }) => run),
    );
  }
  const sources: TableName[] = [];
  for (const name of ['messages', 'mentioned_messages'] as const) {
    if (hasSeveralRows(table.name) && (await engine.columns(name)).length > 0) sources.push(name);
  }
  return latestOfUnionQuery(table, sources);
}

/** What shows people by name, once every room was read again with pseudonyms, is not current in the archive either. */
async function removeSuperseded(
  { engine, history: { superseded }, place }: LoadTransaction,
  { name }: SchemaTable,
): Promise<void> {
  const runs = `"run" IN (${[...superseded.runs].join(', ')})`;
  const rows = place === undefined ? ` WHERE ${runs}` : `${ofPlace(place)} AND ${runs}`;
  await engine.execute(`DELETE FROM ${doubleQuoted(name)}${rows}`);
}

async function insertRows(
  context: LoadTransaction,
  { name }: SchemaTable,
  runs: ReadonlySet<number>,
): Promise<StepCounts> {
  const { engine, history, reader, place } = context;
  const files = stepFiles(history, name, runs);
  const columns = await currentColumns(reader, files, storedColumns.get(name) ?? []);
  const rows = rowsOf(context, files, columns);
  if (place === undefined) return engine.insert(name, columns, rows);
  return engine.insert(name, [archiveColumn, ...columns], withArchive(rows, place));
}

async function* withArchive(
  batches: AsyncIterable<readonly Row[]>,
  { archive }: ArchivePlace,
): AsyncGenerator<readonly Row[]> {
  for await (const rows of batches) yield rows.map((row) => ({ ...row, [archiveColumn.name]: archive }));
}

async function* rowsOf(
  { reader, signal, onRows }: LoadTransaction,
  files: readonly TableFile[],
  columns: Parameters<TableReader['rows']>[1],
): AsyncGenerator<readonly Row[]> {
  for (const file of files) {
    for await (const batch of reader.rows(file, columns)) {
      signal.throwIfAborted();
      if (batch.length === 0) continue;
      yield batch;
      onRows(batch.length);
    }
  }
}
