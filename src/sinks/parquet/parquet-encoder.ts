import type { RowBatch } from '../../model/row-batch.ts';
import type { StoredRows } from './stored/stored-rows.ts';

/** Makes the bytes of one Parquet file, a row group at a time. Calls never overlap. */
export interface ParquetEncoder {
  /**
   * Keeps a row of a batch for the row group that is being filled. Returns about how many bytes it takes, uncompressed.
   *
   * @throws TypeError for a value that is not of its column's type; the file is then to be given up.
   */
  add(batch: RowBatch, at: number): number;
  /** Keeps the rows of a file from where they were read to, up to `toRow`; only an encoder that works by columns can. */
  copy?(rows: StoredRows, toRow: number): void;
  /** Encodes the rows kept, at least one. The bytes, in the order of the file, are the caller's until the next call. */
  encodeRowGroup(): Promise<readonly Uint8Array[]>;
  /** What the file ends with. Called once, when no row is kept. */
  finish(): Promise<readonly Uint8Array[]>;
}
