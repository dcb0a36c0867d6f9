import { UsageError } from '../../../../src/errors.ts';
import type { TableName } from '../../../../src/model/table-name.ts';
import { currentTable } from '../../../../src/snapshot/current-table.ts';
import type { Disk } from '../../../../src/system/disk.ts';
import { rowKeys } from '../../../../src/tables/rows/row-key.ts';
import type { Row } from '../truth/truth-lines.ts';

/**
 * What `latest` has of a table, by the key of its rows: several of the elements of a message, in their order.
 *
 * @returns the error's text where `latest` is refused
 */
export async function currentRowsOf(
  disk: Disk,
  archive: string,
  table: TableName,
): Promise<ReadonlyMap<string, readonly Row[]> | string> {
  const byKey = new Map<string, Row[]>();
  try {
    for await (const batch of (await currentTable(disk, archive, table)).rows) {
      for (const row of batch) {
        const key = rowKeys[table].map((column) => JSON.stringify(row[column] ?? null)).join(' ');
        byKey.set(key, [...(byKey.get(key) ?? []), row]);
      }
    }
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  for (const rows of byKey.values()) rows.sort((a, b) => Number(a['position'] ?? 0) - Number(b['position'] ?? 0));
  return byKey;
}
