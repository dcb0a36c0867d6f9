import type { FileSchema, TableWriter } from '../../sinks/sink.ts';
import type { Row } from '../../model/column.ts';

/** Rows that are dropped, by the number of the run that wrote them. */
export type DroppedRows = Map<number, number>;

/** How rows get from one file into another: one by one, or column by column. */
export interface RowCopy<Batch> {
  /** @throws OutputError when the file is missing or not of its format */
  read(path: string): AsyncIterable<Batch>;
  /** Drops the rows that are not current, and counts them. */
  keepCurrent(batch: Batch, isCurrent: (row: Row) => boolean, dropped: DroppedRows): void;
  /** Rows of the file that the batch has, whether kept or not. */
  rowsOf(batch: Batch): number;
  /** Whether there are rows in it that are kept and have not been written. */
  hasLeft(batch: Batch): boolean;
  open(path: string, schema: FileSchema): Promise<CopyTarget<Batch>>;
  /** Of all rows of a file. @throws OutputError as above */
  digestOf(path: string): Promise<RowsDigest>;
}

/** The file that rows are copied to. */
export interface CopyTarget<Batch> {
  readonly writer: TableWriter;
  /** Rows so far. */
  readonly rows: number;
  /** Of these. Nothing can be written afterwards. */
  digest(): string;
  /** Writes what is left of the batch, but no more than the file may hold. */
  write(batch: Batch, mostRows: number): Promise<void>;
}

/** Equal rows in equal order, equal digests. */
interface RowsDigest {
  readonly rows: number;
  readonly digest: string;
}

/** @param row at least the columns that say which version of what it is */
export function countDropped(dropped: DroppedRows, row: Row): void {
  const run = Number(row['run']);
  dropped.set(run, (dropped.get(run) ?? 0) + 1);
}
