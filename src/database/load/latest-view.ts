import type { SchemaTable } from '../../schemas/schema-request.ts';
import { doubleQuoted, isCurrent, isThere, runOfNewest } from '../../schemas/sql-text.ts';
import { rowKeys } from '../../tables/rows/row-key.ts';

/**
 * The query of the view `latest_…`: the same rows as `_view/schema/views.sql` has. Without a window, so that a condition of
 * whoever asks it can use the indexes of the table.
 *
 * @param keyless runs whose rows are versions of nothing: see withoutKeyless
 */
export function latestQuery({ name, columns }: SchemaTable, keyless: readonly number[] = []): string {
  const sameKey = rowKeys[name].map((key) => `"newer".${doubleQuoted(key)} = "version".${doubleQuoted(key)}`);
  // Not true of rows without `run` either.
  const hasKeys = keyless.length === 0 ? '' : ` AND "run" NOT IN (${keyless.join(', ')})`;
  return `SELECT ${columns.map((column) => doubleQuoted(column.name)).join(', ')}
FROM ${doubleQuoted(name)} "version"
WHERE ${isThere(doubleQuoted)}${hasKeys} AND NOT EXISTS (
  SELECT 1 FROM ${doubleQuoted(name)} "newer" WHERE ${sameKey.join(' AND ')} AND "newer"."run" > "version"."run"
)`;
}

/** Of elements whose first rows older programs wrote: they are those of their message's current version. */
export function latestOfOldElementsQuery({ name, columns }: SchemaTable): string {
  return `SELECT ${columns.map((column) => doubleQuoted(column.name)).join(', ')}
FROM (
  SELECT "element".*, ${runOfNewest(name, doubleQuoted)} AS "newest_run"
  FROM ${doubleQuoted(name)} "element"
  WHERE EXISTS (
    SELECT 1 FROM "latest_messages" "message" WHERE "message"."message_id" = "element"."message_id"
      AND ("element"."run" = "message"."run" OR "message"."is_system" IS NOT NULL)
  )
) "versions"
WHERE ${isCurrent(doubleQuoted)}`;
}
