import type { TableName } from '../model/table-name.ts';

/**
 * Where an archive holds what a purge removes: by table the column that says whose row it is; null: of nobody. Beside the
 * tables these are the kept journals (`_raw`, see purge-journal.ts) and what is made of the archive (`_view`, removed when a
 * purge is published). A new table, or a new place, gets its line here.
 */
export const messagePlaces: Readonly<Record<TableName, 'message_id' | 'user_id' | null>> = {
  messages: 'message_id',
  mentioned_messages: 'message_id',
  mentions: 'message_id',
  reactions: 'message_id',
  attachments: 'message_id',
  links: 'message_id',
  message_versions: 'message_id',
  rooms: null,
  files: 'message_id',
  users: 'user_id',
  room_members: 'user_id',
};
