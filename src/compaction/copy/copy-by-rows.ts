import type { Row } from '../../model/column.ts';
import { readDataFile } from '../../readers/read-data-file.ts';
import { createSink } from '../../sinks/sinks.ts';
import type { Disk } from '../../system/disk.ts';
import type { StoredSchema } from '../stored-schema.ts';
import { countDropped, type RowCopy } from './row-copy.ts';
import { RowDigest } from './row-digest.ts';

/** Rows that were read, and are written from the front. */
interface ReadRows {
  readonly rowsRead: number;
  left: readonly Row[];
}

/**
 * Every format can be read as rows and written from rows.
 *
 * @param revise what becomes of each row that is read
 */
export function copyByRows(
  disk: Disk,
  { format, columns, options }: StoredSchema,
  revise?: (row: Row) => Row,
): RowCopy<ReadRows> {
  return {
    async *read(path) {
      for await (const rows of readDataFile(disk, { path, format }, columns)) {
        yield { rowsRead: rows.length, left: revise === undefined ? rows : rows.map(revise) };
      }
    },
    rowsOf: ({ rowsRead }) => rowsRead,
    hasLeft: ({ left }) => left.length > 0,
    keepCurrent(batch, isCurrent, dropped) {
      batch.left = batch.left.filter((row) => {
        if (isCurrent(row)) return true;
        countDropped(dropped, row);
        return false;
      });
    },
    async open(path, schema) {
      const writer = await createSink(options, disk).open(path, schema);
      const digest = new RowDigest();
      return {
        writer,
        get rows() {
          return digest.rows;
        },
        digest: () => digest.end(),
        async write(batch, mostRows) {
          const piece = batch.left.slice(0, mostRows - digest.rows);
          batch.left = batch.left.slice(piece.length);
          digest.add(piece);
          await writer.write(piece);
        },
      };
    },
    async digestOf(path) {
      const digest = new RowDigest();
      for await (const rows of readDataFile(disk, { path, format }, columns)) digest.add(rows);
      return { rows: digest.rows, digest: digest.end() };
    },
  };
}
