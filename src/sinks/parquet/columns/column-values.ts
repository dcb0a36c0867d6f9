import type { Encoding } from 'hyparquet';
import type { Bounds } from './byte-bounds.ts';
import type { StoredValues } from '../stored/leaf-chunk.ts';

/** The values of one leaf of the schema, without nulls, in the pages of one row group after the other. */
export interface ColumnValues<Value> {
  /** Returns how many bytes the value takes by itself, uncompressed. */
  add(value: Value): number;
  /** Adds one of the values of a file. @throws TypeError when they are of another type */
  addStored(stored: StoredValues, at: number): void;
  /** Bytes in the page that is being filled, where it can be ended. */
  readonly pageSizeBytes: number;
  /** Ends the row group: its encoding is known from here on. */
  settle(): void;
  readonly encoding: Encoding;
  /** The page that was filled, to be looked at until a value is added. */
  takePage(): Uint8Array;
  /** The values that pages of indexes point at; after `settle`. */
  dictionary(): { readonly content: Uint8Array; readonly values: number } | undefined;
  /** Ends what belongs to the row group, and returns the bounds of its values. */
  takeBounds(): Bounds;
}
