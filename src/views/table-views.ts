import { firstSchemaWithDeletions } from '../tables/stored-columns.ts';
import { duckDbLatest, duckDbNoRows, duckDbRows, duckDbView } from '../schemas/duckdb.ts';
import { textLiteral } from '../schemas/sql-text.ts';
import type { TableName } from '../model/table-name.ts';
import type { ArchiveHistory } from '../snapshot/archive-history.ts';
import { hasSeveralRows, rowKeys } from '../tables/rows/row-key.ts';
import { droppedColumns } from '../snapshot/superseded/dropped-columns.ts';
import type { ArchivedTable, ViewedFiles } from './archived-table.ts';

/** The view of all rows of a table, and that of its current ones. */
export function tableViews(archived: ArchivedTable, history: ArchiveHistory): string {
  const { name } = archived.table;
  const missing = missingKeys(archived, history);
  if (missing.length > 0) {
    return `\n${duckDbView(name, allRows(archived))}\n-- No latest_${name}: the job dropped ${missing.join(', ')}, and nobody can tell which rows are current.\n`;
  }
  const current = hasOldElements(history, name) ? latestOfOldElements(name) : duckDbLatest(name, name);
  return `\n${duckDbView(name, allRows(archived))}\n${current}`;
}

/** What a job dropped of the columns that say which rows are current: a view that names them is no SQL that runs. */
function missingKeys({ table: { name, columns } }: ArchivedTable, { runs }: ArchiveHistory): readonly string[] {
  const withRows = runs.filter(({ tables }) => (tables[name] ?? 0) > 0);
  // A file without rows lacks the columns as well.
  const having = withRows.length > 0 ? withRows : runs.filter(({ tables }) => Object.hasOwn(tables, name));
  const dropped = new Set(having.flatMap(droppedColumns));
  const needed = new Set([...rowKeys[name], 'op', 'run']);
  return columns.flatMap((column) => (needed.has(column.name) && dropped.has(column.name) ? column.name : []));
}

/** Whether the messages say which rows of a table of elements are current, because the first of these cannot. */
export function hasOldElements({ runs }: Pick<ArchiveHistory, 'runs'>, name: TableName): boolean {
  const isSilent = hasSeveralRows(name) && runs.some(({ schemaVersion }) => schemaVersion < firstSchemaWithDeletions);
  return isSilent && runs.some(({ tables }) => Object.hasOwn(tables, 'messages'));
}

function allRows({ table, groups, isOneFormat }: ArchivedTable): string {
  const [first] = groups;
  if (first === undefined) return duckDbNoRows(table.columns.filter(({ name }) => name !== 'md'));
  const parts = groups.map((group) => {
    // A glob finds the files of later runs, too, until the view is written again.
    const files = isOneFormat
      ? textLiteral(`${table.name}/**/*.${group.extension}`)
      : `[\n    ${group.paths.map(textLiteral).join(',\n    ')}\n  ]`;
    return rowsOf(group, files, table.columns);
  });
  return parts.join('\nUNION ALL BY NAME\n');
}

function rowsOf(
  { extension, columns, delimiter, onlyRuns }: ViewedFiles,
  files: string,
  known: ArchivedTable['table']['columns'],
): string {
  const byName = new Map(known.map((column) => [column.name, column]));
  const present = columns === null ? known : columns.flatMap((name) => byName.get(name) ?? []);
  const rows = duckDbRows({ files, extension, columns: present, ...(delimiter !== undefined && { delimiter }) });
  return onlyRuns === null ? rows : `${rows}\nWHERE "run" IN (${onlyRuns.join(', ')})`;
}

/** Rows of older programs are those of their message's current version, which the messages say. */
function latestOfOldElements(name: string): string {
  return duckDbView(
    `latest_${name}`,
    `SELECT e.* FROM "${name}" e
SEMI JOIN "latest_messages" m ON e."message_id" = m."message_id" AND (e."run" = m."run" OR m."is_system" IS NOT NULL)
QUALIFY e."run" = max(e."run") OVER (PARTITION BY e."message_id") AND e."op" IS DISTINCT FROM 'delete'`,
  );
}
