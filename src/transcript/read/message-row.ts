import { textOrNull } from '../../model/text/text-or-null.ts';
import { isRecord, recordsIn } from '../../model/json/is-record.ts';
import type { MessageSource } from '../../snapshot/numbers/message-files.ts';

/** A row of one of them, as far as a transcript shows it. Texts are null where the message, or the job, has none. */
export interface MessageRow {
  readonly source: MessageSource;
  readonly messageId: string;
  readonly roomId: string;
  readonly roomTitle: string;
  readonly roomType: string;
  readonly tsMs: number;
  readonly run: number;
  readonly isDeleted: boolean;
  readonly userId: string | null;
  readonly username: string | null;
  readonly userName: string | null;
  readonly alias: string | null;
  readonly isBot: boolean;
  readonly isImported: boolean;
  readonly type: string | null;
  readonly isSystem: boolean;
  readonly actor: string | null;
  readonly target: string | null;
  readonly value: string | null;
  readonly msg: string | null;
  readonly text: string | null;
  readonly md: unknown;
  readonly isEncrypted: boolean;
  readonly reactions: readonly RowReaction[];
  readonly attachments: readonly RowAttachment[];
  readonly quotedIds: readonly string[];
  readonly threadId: string | null;
  readonly threadCount: number;
  readonly discussionId: string | null;
  readonly discussionCount: number | null;
  readonly editedMs: number | null;
  readonly editedBy: string | null;
  readonly isPinned: boolean;
  readonly pinnedBy: string | null;
  readonly location: unknown;
  readonly deletedMs: number | null;
}

interface RowReaction {
  readonly emoji: string;
  readonly count: number;
  readonly usernames: readonly string[];
}

export interface RowAttachment {
  readonly kind: string;
  readonly title: string | null;
  readonly author: string | null;
  readonly text: string | null;
  readonly url: string | null;
  readonly mimeType: string | null;
  readonly sizeBytes: number | null;
  readonly fileId: string | null;
}

/** What is read of each table, where it is there. */
export const rowColumns: ReadonlySet<string> = new Set([
  ...[
    'message_id',
    'room_id',
    'room_name',
    'room_title',
    'room_type',
    'ts',
    'user_id',
    'username',
    'user_name',
    'alias',
  ],
  ...[
    'is_bot',
    'imported',
    'type',
    'is_system',
    'system_actor_username',
    'system_target',
    'system_value',
    'msg',
    'text',
  ],
  ...['reactions', 'attachments', 'quoted_message_ids', 'encrypted', 'location', 'thread_id', 'thread_count'],
  ...['discussion_id', 'discussion_count', 'edited_at', 'edited_by_username', 'pinned', 'pinned_by_username', 'md'],
  ...['deleted_at', 'op', 'run'],
]);

/** Reads a row back from the JSON of its columns. @param roomId that the row stands under */
export function messageRow(source: MessageSource, json: string): MessageRow {
  const parsed: unknown = JSON.parse(json);
  const row = isRecord(parsed) ? parsed : {};
  const type = textOrNull(row['type']);
  const isSystem = row['is_system'] === undefined ? type !== null && type !== 'e2e' : row['is_system'] === true;
  return {
    source,
    messageId: textOrNull(row['message_id']) ?? '',
    roomId: textOrNull(row['room_id']) ?? '',
    roomTitle: textOrNull(row['room_title']) ?? textOrNull(row['room_name']) ?? '',
    roomType: textOrNull(row['room_type']) ?? '',
    tsMs: timeOf(row['ts']) ?? 0,
    run: intOf(row['run']) ?? 0,
    isDeleted: row['op'] === 'delete',
    userId: textOrNull(row['user_id']),
    username: textOrNull(row['username']),
    userName: textOrNull(row['user_name']),
    alias: textOrNull(row['alias']),
    isBot: row['is_bot'] === true,
    isImported: row['imported'] === true,
    type,
    isSystem,
    actor: textOrNull(row['system_actor_username']),
    target: textOrNull(row['system_target']),
    value: textOrNull(row['system_value']),
    msg: textOrNull(row['msg']),
    text: textOrNull(row['text']),
    md: row['md'] ?? null,
    isEncrypted: row['encrypted'] === true,
    reactions: recordsIn(row['reactions']).map(reaction),
    attachments: recordsIn(row['attachments']).map(attachment),
    quotedIds: textsOf(row['quoted_message_ids']),
    threadId: textOrNull(row['thread_id']),
    threadCount: intOf(row['thread_count']) ?? 0,
    discussionId: textOrNull(row['discussion_id']),
    discussionCount: intOf(row['discussion_count']),
    editedMs: timeOf(row['edited_at']),
    editedBy: textOrNull(row['edited_by_username']),
    isPinned: row['pinned'] === true,
    pinnedBy: textOrNull(row['pinned_by_username']),
    location: row['location'] ?? null,
    deletedMs: timeOf(row['deleted_at']),
  };
}

function reaction(value: Readonly<Record<string, unknown>>): RowReaction {
  return {
    emoji: textOrNull(value['emoji']) ?? '',
    count: intOf(value['count']) ?? 0,
    usernames: textsOf(value['usernames']),
  };
}

function attachment(value: Readonly<Record<string, unknown>>): RowAttachment {
  return {
    kind: textOrNull(value['kind']) ?? 'rich',
    title: textOrNull(value['title']),
    author: textOrNull(value['author']),
    text: textOrNull(value['text']),
    url: textOrNull(value['url']),
    mimeType: textOrNull(value['mime_type']),
    sizeBytes: intOf(value['size_bytes']),
    fileId: textOrNull(value['file_id']),
  };
}

function intOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function timeOf(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text): text is string => typeof text === 'string') : [];
}
