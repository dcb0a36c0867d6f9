import type { ColumnSpec, Row, Value } from './column.ts';

/** What rows of one kind have in common: of some fifty columns of a message a dozen differ from the next message's. */
export interface RowKind {
  /** Which columns differ from row to row: their places among the columns of the file, ascending. */
  readonly varying: readonly number[];
  /** By the place of a column the value that all rows of the kind have; undefined where they differ. */
  readonly constants: readonly (Value | undefined)[];
}

/** Rows that are still in what they are read from: a sink reads the cells that it needs, and no row is made of them. */
export interface RowBatch {
  readonly length: number;
  /** The same object for all rows of a kind, so that what a sink makes of the kind can be kept by it. */
  kind(at: number): RowKind;
  /** One cell. @param column its place among the columns of the file @param at of the row within the batch */
  value(column: number, at: number): Value;
  /** The same as objects: one key per column, in column order. */
  rows(): readonly Row[];
  /** Those from one place up to another, not included. */
  slice(from: number, to: number): RowBatch;
}

/** The kind of rows about which nothing is known. */
export function anyKind(columns: readonly unknown[]): RowKind {
  return { varying: columns.map((_, at) => at), constants: columns.map(() => undefined) };
}

/** A batch of rows that have been made. @param kind `anyKind` of the columns */
export function batchOfRows(rows: readonly Row[], columns: readonly ColumnSpec[], kind: RowKind): RowBatch {
  return {
    length: rows.length,
    kind: () => kind,
    value: (column, at) => rows[at]?.[columns[column]?.name ?? ''] ?? null,
    rows: () => rows,
    slice: (from, to) => batchOfRows(rows.slice(from, to), columns, kind),
  };
}
