import type { JsonValue } from './json/json-value.ts';

/** A value that stands alone in a cell. Timestamps are Dates: UTC, whole milliseconds, never invalid. */
export type ScalarKind = 'string' | 'timestamp' | 'int' | 'boolean' | 'json';

/** A field of the structs of a list. */
export interface StructField {
  readonly name: string;
  readonly kind: 'string' | 'timestamp' | 'int' | 'boolean' | 'strings';
}

/** `strings` is list<string>; `structs` is list<struct{…}>. Lists hold no nulls. */
export type ColumnType =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'strings' }
  | { readonly kind: 'structs'; readonly fields: readonly StructField[] };

export function isList({ kind }: ColumnType): boolean {
  return kind === 'strings' || kind === 'structs';
}

/** A field of a struct may be null, except a `strings` one. */
export type StructValue = Readonly<Record<string, string | number | boolean | Date | readonly string[] | null>>;

/**
 * One cell. string → string; timestamp → Date; int → safe integer; boolean; json → JsonValue; strings → string[];
 * structs → StructValue[]. null only where the column is nullable.
 */
export type Value = JsonValue | Date | readonly string[] | readonly StructValue[];

/** A row as sinks get it: one key per column, in column order. */
export type Row = Readonly<Record<string, Value>>;

/** What a sink needs to know of a column. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
}

/** What a column is called and what it means, as `schema` and docs/tables.md show it. */
export interface ColumnDescription extends ColumnSpec {
  /** One sentence. */
  readonly meaning: string;
  /** The field of the server's message it is read from. */
  readonly from: string;
}

/** A column and where its value comes from: one line adds it to every sink, to `schema` and to docs/tables.md. */
export interface Column<Source> extends ColumnDescription {
  readonly read: (source: Source) => Value;
}
