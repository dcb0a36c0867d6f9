import { loginUser } from '../../../../src/demo/sample/people.ts';
import type { MessageDocument } from '../../../../src/demo/workspace/message-document.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Tables whose rows come from messages, and what is compared of a row: enough to tell one version from another. */
export const comparedColumns = {
  messages: [
    ...['room_id', 'ts', 'updated_at', 'username', 'type', 'msg', 'mention_usernames', 'reaction_count', 'pinned'],
    ...['edited_at', 'thread_id', 'thread_count', 'attachment_count', 'links'],
  ],
  mentioned_messages: ['room_id', 'ts', 'updated_at', 'msg', 'mention_usernames', 'reaction_count'],
  mentions: ['room_id', 'ts', 'position', 'mention_id', 'username'],
  reactions: ['room_id', 'ts', 'position', 'emoji', 'username'],
  attachments: ['room_id', 'ts', 'position', 'title'],
  links: ['room_id', 'ts', 'position', 'url', 'label'],
} as const;

/** Of the tables whose rows are compared elsewhere. */
const otherColumns = ['room_id', 'room_name', 'room_type', 'message_id', 'msg', 'ts'];

function isCompared(table: string): table is ComparedTable {
  return Object.hasOwn(comparedColumns, table);
}

export type ComparedTable = keyof typeof comparedColumns;

export const comparedTables = Object.keys(comparedColumns) as readonly ComparedTable[];

/** What a table has of a message, in one line; an empty one: nothing. Of the other tables: of a room or a version. */
export function lineOf(table: string, rows: readonly Row[]): string {
  const columns: readonly string[] = isCompared(table) ? comparedColumns[table] : otherColumns;
  return rows.map((row) => JSON.stringify(columns.map((column) => row[column] ?? null))).join('\n');
}

/** The rows that a table should have of a message as the server holds it, written by hand from what docs/tables.md says. */
export function rowsOf(table: ComparedTable, document: MessageDocument): readonly Row[] {
  const { rid: room_id, ts } = document;
  const [mentions, attachments] = [listOf(document['mentions']), listOf(document['attachments'])];
  const reactions = Object.entries(recordOf(document['reactions'])).flatMap(([emoji, value]) =>
    (recordOf(value)['usernames'] as readonly string[]).map((username) => ({ emoji, username })),
  );
  const links = listOf(document['md']).length === 0 ? [] : [{ url: 'https://example.org', label: 'here' }];
  const elements = (list: readonly Row[]): readonly Row[] =>
    list.map((element, position) => ({ room_id, ts, position, ...element }));
  const message: Row = {
    ...{ room_id, ts, updated_at: document._updatedAt, username: document.u.username, type: document['t'] },
    ...{ msg: document['msg'], mention_usernames: mentions.map(({ username }) => username) },
    ...{ reaction_count: reactions.length, pinned: document['pinned'] === true, edited_at: document['editedAt'] },
    ...{ thread_id: document['tmid'], thread_count: document['tcount'], attachment_count: attachments.length },
    links: links.map(({ url }) => url),
  };
  switch (table) {
    case 'messages':
      return [message];
    case 'mentioned_messages':
      return mentions.some(({ username }) => username === loginUser.username) ? [message] : [];
    case 'mentions':
      return elements(mentions.map(({ _id, username }) => ({ mention_id: _id, username })));
    case 'reactions':
      return elements(reactions);
    case 'attachments':
      return elements(attachments.map(({ title }) => ({ title })));
    case 'links':
      return elements(links);
  }
}

function listOf(value: unknown): readonly Row[] {
  return Array.isArray(value) ? (value as readonly Row[]) : [];
}

function recordOf(value: unknown): Row {
  return typeof value === 'object' && value !== null ? (value as Row) : {};
}
