import type { ColumnType } from '../../../src/model/column.ts';

/** JSON text of a cell, or a line, in the shape of `expectedValue`: the structs' timestamps, too, as milliseconds. */
export function parseCell(text: string, { kind }: ColumnType): unknown {
  if (kind !== 'structs') return JSON.parse(text);
  return JSON.parse(text, (key, value: unknown) =>
    key === 'first_at' && typeof value === 'string' ? Date.parse(value) : value,
  );
}
