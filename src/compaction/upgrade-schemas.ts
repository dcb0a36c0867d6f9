import type { ArchiveFile } from '../snapshot/archive-history.ts';
import type { ColumnSpec } from '../model/column.ts';
import { isSinceVersion2, storedColumns } from '../tables/stored-columns.ts';
import { schemaVersion } from '../tables/tables.ts';
import type { FileWithSchema } from './stored-schema.ts';

/**
 * Whether a file is to be written again because an older program wrote it: with fewer columns, in JSONL with json as
 * values and no text, in Parquet with elements that cannot say that they are gone. JSONL without rows is the same in all
 * versions.
 */
export function isOutdated({ schemaVersion: version, format, rows }: ArchiveFile): boolean {
  return version < schemaVersion && (rows > 0 || format !== 'jsonl');
}

/**
 * Gives the outdated files of a group the columns of today: those that the group's newest file of today has, so that they
 * can stand in one file, or all where there is none. What a job dropped stays away.
 */
export function upgradeSchemas(table: string, files: readonly FileWithSchema[]): readonly FileWithSchema[] {
  const today = files
    .findLast(({ file }) => !isOutdated(file) && file.rows > 0)
    ?.schema.columns.map(({ name }) => name);
  const isWanted = (name: string): boolean => isSinceVersion2(table, name) && today?.includes(name) !== false;
  return files.map(({ file, schema }) =>
    isOutdated(file)
      ? { file, schema: { ...schema, columns: upgraded(table, schema.columns, isWanted) } }
      : { file, schema },
  );
}

function upgraded(
  table: string,
  columns: readonly ColumnSpec[],
  isWanted: (name: string) => boolean,
): readonly ColumnSpec[] {
  const present = new Set(columns.map(({ name }) => name));
  return (storedColumns.get(table) ?? []).filter(({ name }) => present.has(name) || isWanted(name));
}
