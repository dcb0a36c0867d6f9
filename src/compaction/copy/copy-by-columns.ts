import { OutputError } from '../../errors.ts';
import { readStoredRows } from '../../readers/parquet/read-stored-rows.ts';
import { storedRowsWriter } from '../../sinks/parquet/parquet.ts';
import type { StoredRows } from '../../sinks/parquet/stored/stored-rows.ts';
import { createSink } from '../../sinks/sinks.ts';
import { versionColumns } from '../../snapshot/versions/versions.ts';
import type { Disk } from '../../system/disk.ts';
import type { StoredSchema } from '../stored-schema.ts';
import { ColumnDigest } from './column-digest.ts';
import { countDropped, type RowCopy } from './row-copy.ts';

/** Parquet of the engine that works by columns, where every file has the columns in the form that the new one gets. */
export async function canCopyByColumns(
  disk: Disk,
  { options, columns }: StoredSchema,
  paths: readonly string[],
): Promise<boolean> {
  if (options.format !== 'parquet' || options.engine === 'parquetjs-lite') return false;
  for (const path of paths) if ((await readStoredRows(disk, path, columns)) === undefined) return false;
  return true;
}

/** Copies levels and values as they lie in a Parquet file: nothing is made of a row. Where `canCopyByColumns`. */
export function copyByColumns(disk: Disk, { columns, options }: StoredSchema): RowCopy<StoredRows> {
  async function* read(path: string): AsyncGenerator<StoredRows> {
    const groups = await readStoredRows(disk, path, columns);
    if (groups === undefined) {
      throw new OutputError(`Cannot read "${path}": its columns are not what they were a moment ago`, {
        hint: 'Nothing was changed. Run the same command again',
      });
    }
    yield* groups;
  }
  return {
    read,
    rowsOf: ({ rows }) => rows,
    hasLeft: (batch) => batch.hasLeft(),
    keepCurrent(batch, isCurrent, dropped) {
      batch.keepWhere(versionColumns, (row) => {
        if (isCurrent(row)) return true;
        countDropped(dropped, row);
        return false;
      });
    },
    async open(path, schema) {
      const writer = storedRowsWriter(await createSink(options, disk).open(path, schema));
      if (writer === undefined) throw new TypeError('Only the engine hyparquet takes columns');
      const digest = new ColumnDigest();
      return {
        writer,
        get rows() {
          return digest.rows;
        },
        digest: () => digest.end(),
        async write(batch, mostRows) {
          const toRow = batch.rowAfter(mostRows - digest.rows);
          digest.add(batch, toRow);
          await writer.writeStored(batch, toRow);
        },
      };
    },
    async digestOf(path) {
      const digest = new ColumnDigest();
      for await (const batch of read(path)) digest.add(batch, batch.rows);
      return { rows: digest.rows, digest: digest.end() };
    },
  };
}
