import type { ColumnSpec, Value } from '../../model/column.ts';
import { jsonText } from '../json-text.ts';
import { timestampText } from '../timestamp-text.ts';

/** Numbers stay numbers: a formula guard must know -1 from "-1". */
export type CsvCell = string | number | null;

/** How a column's values are written in CSV, before quoting. */
export function csvCell({ type }: ColumnSpec): (value: Value) => CsvCell {
  switch (type.kind) {
    case 'string':
    case 'int':
    case 'boolean':
    case 'timestamp':
      return plainCell;
    case 'json':
    case 'strings':
    case 'structs':
      return (value) => (value === null ? null : jsonText(value));
  }
}

function plainCell(value: Value): CsvCell {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  if (value instanceof Date) return timestampText(value);
  return typeof value === 'boolean' ? String(value) : jsonText(value);
}
