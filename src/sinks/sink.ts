import type { ColumnSpec, Row } from '../model/column.ts';
import type { RowBatch } from '../model/row-batch.ts';

/** What a file will hold, given to the sink before the first row. */
export interface FileSchema {
  readonly table: string;
  readonly columns: readonly ColumnSpec[];
  /** For formats with a place for it (Parquet's key-value metadata): schema version, tool version, job, run. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A closed file: whole, flushed to the disk, never touched again. */
export interface WrittenFile {
  readonly rows: number;
  readonly sizeBytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/**
 * Writes one file of one table. `write` is called one at a time with batches of some thousand rows, in order; then
 * either `close` or `abort`, once. Equal rows must give equal bytes, however they are cut into batches.
 */
export interface TableWriter {
  write(rows: readonly Row[]): Promise<void>;
  /** The same for rows that are not made yet, where a format can do without them. Called instead of `write`. */
  writeFrom?(batch: RowBatch): Promise<void>;
  /** Resolves when the bytes are on the disk (fsync). */
  close(): Promise<WrittenFile>;
  /** Gives up: closes handles. The caller removes the file. Never throws. */
  abort(): Promise<void>;
}

/**
 * A format. The caller picks the name (a temporary place), creates the folder, and renames the file when the whole run
 * is done: a sink only fills the path it is given.
 */
export interface Sink {
  /** `csv`, `jsonl`, `parquet`, or a plug-in's own name. */
  readonly format: string;
  /** File ending without the dot: `parquet`, `csv`, `csv.gz`. */
  readonly extension: string;
  /** Creates (or truncates) the file at `path`. @throws OutputError when it cannot. */
  open(path: string, schema: FileSchema): Promise<TableWriter>;
}
