import type { ColumnSpec } from '../model/column.ts';
import { listTables, messageTables } from './tables.ts';

const messageColumnsSince2 = [
  ...['room_title', 'is_bot', 'bot_id', 'imported', 'is_system', 'system_actor_id', 'system_actor_username'],
  ...['system_target', 'system_value', 'quoted_message_ids', 'content', 'e2e_mentions', 'location', 'translations'],
  ...['omnichannel', 'custom_fields', 'thread_follower_ids', 'deleted_at'],
];
const elementColumnsSince2 = ['user_id', 'thread_id'];

/** What version 2 of the schema added to version 1, by table. */
const columnsSince2: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['messages', new Set(messageColumnsSince2)],
  ['mentioned_messages', new Set(messageColumnsSince2)],
  ['message_versions', new Set(messageColumnsSince2)],
  ['mentions', new Set(elementColumnsSince2)],
  ['reactions', new Set([...elementColumnsSince2, 'emoji_unicode', 'reactor_id'])],
  ['attachments', new Set([...elementColumnsSince2, 'author', 'urls'])],
  ['links', new Set(elementColumnsSince2)],
  [
    'rooms',
    new Set([
      ...['room_title', 'read_only', 'topic', 'description', 'team_id', 'owner_id', 'created_at', 'members_count'],
      'op',
    ]),
  ],
]);

/** Since this version of the schema a side table says by itself when the last element of a message is gone: see docs/archive-format.md. */
export const firstSchemaWithDeletions = 2;

/** Whether files of schema version 1 lack the column, whatever their job dropped. */
export function isSinceVersion2(table: string, column: string): boolean {
  return columnsSince2.get(table)?.has(column) === true;
}

/**
 * The columns of each table as files of an archive may hold them: those that version 1 did not have may be null, for a
 * compaction puts rows of that version beside those of this one.
 */
export const storedColumns: ReadonlyMap<string, readonly ColumnSpec[]> = new Map(
  [...Object.values(messageTables({ md: true })), ...Object.values(listTables())].map(({ name: table, columns }) => [
    table,
    columns.map(({ name, type, nullable }) => ({ name, type, nullable: nullable || isSinceVersion2(table, name) })),
  ]),
);

/** Columns of a table to read from files of an archive, in its order; what a job has dropped is null. */
export function nullableColumns(table: string, names: ReadonlySet<string>): readonly ColumnSpec[] {
  return (storedColumns.get(table) ?? [])
    .filter(({ name }) => names.has(name))
    .map((column) => ({ ...column, nullable: true }));
}
