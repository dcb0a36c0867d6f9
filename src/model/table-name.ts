/** Tables whose rows are read from messages. */
export type MessageTableName =
  'messages' | 'mentioned_messages' | 'mentions' | 'reactions' | 'attachments' | 'links' | 'message_versions';

export const tableNames = [
  'messages',
  'mentioned_messages',
  'mentions',
  'reactions',
  'attachments',
  'links',
  'message_versions',
  'rooms',
] as const;

export type TableName = (typeof tableNames)[number];
