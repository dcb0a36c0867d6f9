import { createHash } from 'node:crypto';
import { stringifyExact } from '../model/json/exact-json.ts';
import type { Row } from '../model/column.ts';
import { storedColumns } from '../tables/stored-columns.ts';

/**
 * Names what rows of a table say, whatever they were read from; which run wrote them does not count.
 *
 * @param before what the rows before this one are named, of the same message; empty for the first
 */
export function rowContent(table: string, row: Row, before = ''): string {
  const columns = storedColumns.get(table) ?? [];
  const values = columns.flatMap(({ name }) => (name === 'run' ? [] : [row[name] ?? null]));
  return createHash('sha256').update(before).update(stringifyExact(values)).digest('base64');
}
