/** Tables whose rows are read from messages. */
export type MessageTableName =
  'messages' | 'mentioned_messages' | 'mentions' | 'reactions' | 'attachments' | 'links' | 'message_versions';

/** Every table that a job can make. */
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

/** The name of a table, as in `transform.tables` of a job and in the paths of an archive. */
export type TableName = (typeof tableNames)[number];
