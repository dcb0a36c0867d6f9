import type { TableName } from '../../model/table-name.ts';
import type { SchemaTable } from '../../schemas/schema-request.ts';
import { doubleQuoted, isThere } from '../../schemas/sql-text.ts';
import { rowKeys } from '../../tables/rows/row-key.ts';

/**
 * The query of the view `latest_…` in a database of several archives, by the rules of `latest` over several (ownedRows): within an
 * archive the greatest run counts, among archives the run that was finished last, and of those at the same millisecond that of
 * the archive that came last. What is gone there is gone, unless another archive has it in another room.
 *
 * @param sources for tables of elements, those that say which version of a message is current, as far as they are there
 */
export function latestOfUnionQuery({ name, columns }: SchemaTable, sources: readonly TableName[]): string {
  const hasRoom = columns.some((column) => column.name === 'room_id');
  const elsewhere = `"newer"."archive" <> "version"."archive" AND ${isLater}${hasRoom ? ` AND NOT ${isMoved}` : ''}`;
  const superseded = `("newer"."archive" = "version"."archive" AND "newer"."run" > "version"."run" OR ${elsewhere})`;
  return [
    `SELECT ${columns.map((column) => `"version".${doubleQuoted(column.name)}`).join(', ')}`,
    `FROM ${doubleQuoted(name)} "version" JOIN "_runs" "of" ON "of"."archive" = "version"."archive" AND "of"."run" = "version"."run"`,
    `WHERE ${isThere((column) => `"version".${doubleQuoted(column)}`)}`,
    none(name, rowKeys[name], superseded),
    // An archive that never had an element of the message says by the message itself that it has none.
    ...sources.map((source) => none(source, ['message_id'], elsewhere)),
  ].join('\n');
}

const isLater =
  '("later"."finished_at" > "of"."finished_at" OR "later"."finished_at" = "of"."finished_at" AND "newer"."archive" > "version"."archive")';

const isMoved = `(COALESCE("newer"."op", '') = 'delete' AND "newer"."room_id" <> "version"."room_id")`;

function none(table: TableName, keys: readonly string[], condition: string): string {
  const sameKey = keys.map((key) => `"newer".${doubleQuoted(key)} = "version".${doubleQuoted(key)}`);
  return `AND NOT EXISTS (
  SELECT 1 FROM ${doubleQuoted(table)} "newer"
  JOIN "_runs" "later" ON "later"."archive" = "newer"."archive" AND "later"."run" = "newer"."run"
  WHERE ${[...sameKey, condition].join(' AND ')}
)`;
}
