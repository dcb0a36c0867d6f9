import { join } from 'node:path';
import { readUnion } from '../../archive/union/read-union.ts';
import type { ColumnSpec } from '../../model/column.ts';
import { storedColumns } from '../../tables/stored-columns.ts';
import { schemaVersion } from '../../tables/tables.ts';
import { tool } from '../../version.ts';
import type { Disk } from '../../system/disk.ts';
import { readArchiveHistory } from '../archive-history.ts';
import { currentColumns } from '../current-columns.ts';
import {
  currentPieces,
  currentRows,
  type CopiedTable,
  type CurrentTableName,
  type TableSource,
} from '../current-table.ts';
import { readableHistory } from '../foreign-rows.ts';
import { intactHistory } from '../intact/intact-history.ts';
import { archivedColumns } from '../selection/archived-columns.ts';
import { rowSelector, type RowSelection } from '../selection/row-selection.ts';
import { tableFiles } from '../table-files.ts';
import { TableReader } from '../table-reader.ts';
import { findVersions } from '../versions/find-versions.ts';
import { ownedRows, sourcesOf, type UnionMember } from './owned-rows.ts';

/**
 * The current state of a table over all runs of several archives of a workspace: the rows that are current in theirs, archive
 * by archive, and of what several have rows of those of the run that was finished last, see ownedRows. An archive without
 * the table has no part in it.
 *
 * @param archives absolute, two or more
 * @throws as currentTable and readUnion; UsageError for a table that none has
 */
export async function unionTable(
  disk: Disk,
  archives: readonly string[],
  name: CurrentTableName,
  selection: RowSelection,
): Promise<CopiedTable> {
  const union = await readUnion(disk, archives);
  const notes = [...union.notes];
  const members: UnionMember[] = [];
  for (const identity of union.archives) {
    const { history: recorded, notes: own } = readableHistory(await readArchiveHistory(disk, identity.path), [name]);
    notes.push(...own.map((note) => `${identity.path}: ${note}`));
    const reader = new TableReader(disk, identity.path, recorded);
    const has = recorded.runs.some(({ tables }) => Object.hasOwn(tables, name));
    const history = await intactHistory(reader, recorded, (looked) =>
      has ? sourcesOf(name, looked).flatMap((source) => tableFiles(looked, source)) : [],
    );
    members.push({ identity, history, reader });
  }
  const having = members.filter(({ history }) => history.runs.some(({ tables }) => Object.hasOwn(tables, name)));
  // Says that there is none.
  const [first] = having;
  if (first === undefined) for (const { history } of members) tableFiles(history, name);
  const owned = await ownedRows(having, name);
  const sources: TableSource[] = [];
  const columnsOf: (readonly ColumnSpec[])[] = [];
  for (const [at, { history, reader }] of having.entries()) {
    const files = tableFiles(history, name);
    const isOwned = owned[at];
    sources.push({ reader, files, versions: await findVersions(reader, history, name), ...(isOwned && { isOwned }) });
    columnsOf.push(await currentColumns(reader, files, storedColumns.get(name) ?? []));
  }
  const columns = joinColumns(storedColumns.get(name) ?? [], columnsOf);
  const selector = await rowSelector(name, selection, columns, (source, asked) =>
    archivedColumns(disk, archives, source, asked),
  );
  return {
    name,
    columns,
    notes,
    metadata: {
      schemaVersion: String(schemaVersion),
      tool: `${tool.name} ${tool.version}`,
      archives: union.archives.map(({ id }) => id).join(' '),
    },
    damaged: having.flatMap(({ identity, history }) =>
      [...(history.damaged ?? [])].sort().map((path) => join(identity.path, path)),
    ),
    rows: each(sources, (source) => currentRows(source, columns, selector)),
    pieces: each(sources, (source) => currentPieces(source, columns, selector)),
  };
}

/** In the order of the table, those that any archive has; null where another lacks it. */
function joinColumns(
  known: readonly ColumnSpec[],
  columnsOf: readonly (readonly ColumnSpec[])[],
): readonly ColumnSpec[] {
  return known.flatMap((column) => {
    const found = columnsOf.flatMap((columns) => columns.filter(({ name }) => name === column.name));
    const nullable = found.length < columnsOf.length || found.some((one) => one.nullable);
    return found.length === 0 ? [] : [{ ...column, nullable }];
  });
}

async function* each<T, U>(items: readonly T[], make: (item: T) => AsyncIterable<U>): AsyncGenerator<U> {
  for (const item of items) yield* make(item);
}
