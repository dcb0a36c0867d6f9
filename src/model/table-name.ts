/** Tables with one row per message: what endpoints return goes to one of them. */
export const wholeMessageTables = ['messages', 'mentioned_messages'] as const;

/** Tables with a row for each element of a message. */
export const elementTables = ['mentions', 'reactions', 'attachments', 'links'] as const;

/** Tables that say what a message is now, and so get a row when it is gone: all of messages but that of earlier versions. */
export const currentTables = [...wholeMessageTables, ...elementTables] as const;

/** Tables that hold messages, in the order in which they are believed: the first that has a message says what it is. */
export const messageSources = [...wholeMessageTables, 'message_versions'] as const;

const messageTableNames = [...currentTables, 'message_versions'] as const;

/** Tables whose rows are read from messages. */
export type MessageTableName = (typeof messageTableNames)[number];

const serverListTables = ['rooms', 'users', 'room_members'] as const;

/** Tables whose rows are read from the server's lists of rooms, users and members. */
export type ListTableName = (typeof serverListTables)[number];

/** The table of the files that a run has set out to save: only jobs with `attachments` make it. */
export const filesTableName = 'files';

/** Every table that a job can make. */
export const tableNames = [...messageTableNames, ...serverListTables, filesTableName] as const;

/** Tables whose rows are no messages' and no elements' of them. */
export const listTableNames: readonly TableName[] = [...serverListTables, filesTableName];

/** The name of a table, as in `transform.tables` of a job and in the paths of an archive. */
export type TableName = (typeof tableNames)[number];
