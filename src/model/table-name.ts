/** Tables whose rows are read from messages. */
export type MessageTableName =
  'messages' | 'mentioned_messages' | 'mentions' | 'reactions' | 'attachments' | 'links' | 'message_versions';

/** Tables whose rows are read from the server's lists of rooms, users and members. */
export type ListTableName = 'rooms' | 'users' | 'room_members';

/** The table of the files that a run has set out to save: only jobs with `attachments` make it. */
export const filesTableName = 'files';

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
  'users',
  'room_members',
  filesTableName,
] as const;

/** Tables whose rows are no messages' and no elements' of them. */
export const listTableNames: readonly TableName[] = ['rooms', 'users', 'room_members', filesTableName];

/** The name of a table, as in `transform.tables` of a job and in the paths of an archive. */
export type TableName = (typeof tableNames)[number];
