import { UsageError } from '../errors.ts';
import type { ColumnSpec } from '../model/column.ts';
import type { TableFile } from './table-files.ts';
import type { TableReader } from './table-reader.ts';

/** A column that is not there would be read as null. @throws UsageError */
export async function expectColumns(
  reader: TableReader,
  file: TableFile,
  columns: readonly ColumnSpec[],
): Promise<void> {
  const present = await reader.columns(file);
  const missing = columns.filter(({ name }) => present?.includes(name) === false).map(({ name }) => `"${name}"`);
  if (missing.length === 0) return;
  throw new UsageError(
    `Cannot determine the newest versions of messages: "${file.path}" has no ${missing.join(', ')}`,
    {
      hint: 'Leave the columns in the tables (`dropColumns`)',
    },
  );
}
