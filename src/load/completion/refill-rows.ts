import type { TableName } from '../../model/table-name.ts';
import type { ColumnSpec, Row } from '../../model/column.ts';
import { anyKind, batchOfRows, type RowBatch } from '../../model/row-batch.ts';
import { readArchiveHistory } from '../../snapshot/archive-history.ts';
import { tableFiles } from '../../snapshot/table-files.ts';
import { TableReader } from '../../snapshot/table-reader.ts';
import { currentFilter, findVersions } from '../../snapshot/versions/find-versions.ts';
import type { Disk } from '../../system/disk.ts';
import { rowKeys } from '../../tables/rows/row-key.ts';
import type { Place } from '../../parts/table-output.ts';

/** What a run itself has written: it is newer than whatever is made of the journals of earlier runs. */
export class WrittenKeys {
  readonly #keys = new Set<string>();

  note(table: TableName, batch: RowBatch): void {
    for (const row of batch.rows()) this.#keys.add(keyOf(table, row));
  }

  has(table: TableName, row: Row): boolean {
    return this.#keys.has(keyOf(table, row));
  }
}

function keyOf(table: TableName, row: Row): string {
  return JSON.stringify([table, ...rowKeys[table].map((name) => row[name])]);
}

interface Refill {
  readonly disk: Disk;
  /** An archive of the rows of earlier runs as the job of now makes them. */
  readonly folder: string;
  readonly run: number;
  readonly tables: readonly { readonly name: TableName; readonly columns: readonly ColumnSpec[] }[];
  readonly isWritten: (table: TableName, row: Row) => boolean;
  readonly write: (table: TableName, batch: RowBatch, place: Place) => Promise<void>;
}

/** Writes the current rows of earlier runs anew, as rows of this one: so columns and messages that they lacked are there. */
export async function refillRows({ disk, folder, run, tables, isWritten, write }: Refill): Promise<number> {
  const history = await readArchiveHistory(disk, folder);
  const reader = new TableReader(disk, folder, history);
  let refilled = 0;
  for (const { name, columns } of tables) {
    if (!history.runs.some((one) => (one.tables[name] ?? 0) > 0)) continue;
    const isCurrent = currentFilter(await findVersions(reader, history, name));
    const kind = anyKind(columns);
    for (const file of tableFiles(history, name)) {
      const { partition } = file.place;
      for await (const batch of reader.rows(file, columns)) {
        const rows = batch
          .filter(isCurrent)
          .filter((row) => row['op'] !== 'delete' && !isWritten(name, row))
          .map((row) => ({ ...row, run }));
        if (rows.length === 0) continue;
        refilled += rows.length;
        await write(name, batchOfRows(rows, columns, kind), { partition, mayReplace: true });
      }
    }
  }
  return refilled;
}
