import { OutputError } from '../errors.ts';
import type { ColumnSpec } from '../model/column.ts';
import type { TableFile } from './table-files.ts';
import type { TableReader } from './table-reader.ts';

/** Written only for jobs that ask for it. */
const optionalColumn = 'md';

/**
 * The columns of a table as its files have them, in the order of the table: those that any file has. What some file with
 * rows lacks, because a job dropped it or is older than the column, may be null.
 *
 * @throws OutputError for a column that this program does not know
 */
export async function currentColumns(
  reader: TableReader,
  files: readonly TableFile[],
  known: readonly ColumnSpec[],
): Promise<readonly ColumnSpec[]> {
  const knownNames = new Set(known.map(({ name }) => name));
  const present = new Set<string>();
  const missing = new Set<string>();
  for (const file of files) {
    const columns = await reader.columns(file);
    if (columns === null) continue;
    for (const name of columns) {
      present.add(name);
      if (knownNames.has(name)) continue;
      throw new OutputError(`Cannot read "${file.path}": unknown column "${name}"`, {
        hint: 'A newer version of this program wrote the file: update the program',
      });
    }
    if (file.rows === 0) continue;
    for (const name of knownNames) if (!columns.includes(name)) missing.add(name);
  }
  return known
    .filter(({ name }) => (present.size === 0 ? name !== optionalColumn : present.has(name)))
    .map(({ name, type, nullable }) => ({ name, type, nullable: nullable || missing.has(name) }));
}
