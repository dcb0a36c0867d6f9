import { elementTables, type TableName } from '../../model/table-name.ts';

/**
 * By table the columns that name what its rows are versions of. Of the rows of one key those with the greatest `run` are
 * current; in tables of elements all of them, else there is one.
 */
export const rowKeys: Readonly<Record<TableName, readonly string[]>> = {
  messages: ['message_id'],
  mentioned_messages: ['message_id'],
  mentions: ['message_id'],
  reactions: ['message_id'],
  attachments: ['message_id'],
  links: ['message_id'],
  message_versions: ['version_id'],
  rooms: ['room_id'],
  users: ['user_id'],
  room_members: ['room_id', 'user_id'],
  files: ['file_id'],
};

/** Whether a key may have several rows of one run: the elements of a message, told apart by their `position`. */
export function hasSeveralRows(table: TableName): boolean {
  return elementTables.some((name) => name === table);
}
