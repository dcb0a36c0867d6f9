import type { MessageDocument } from '../../../src/demo/workspace/message-document.ts';
import type { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';
import { expectedAttachments } from './expected-attachments.ts';
import { emojiUnicode } from '../../../src/tables/emoji-unicode.ts';
import { expectedExtra } from './expected-extra.ts';
import { expectedJson, expectedQuotes, expectedSystem } from './expected-system.ts';
import { expectedText } from './expected-text.ts';

/** A row in the shape that every reader's answer is brought to: timestamps as epoch milliseconds. */
export type ExpectedRow = Readonly<Record<string, unknown>>;

/** All that the tables hold of one message. */
export interface ExpectedMessage {
  readonly id: string;
  readonly tsMs: number;
  readonly row: ExpectedRow;
  /** Rows of the side tables. */
  readonly mentions: readonly ExpectedRow[];
  readonly reactions: readonly ExpectedRow[];
  readonly attachments: readonly ExpectedRow[];
  readonly links: readonly ExpectedRow[];
}

export interface ExpectedRoom {
  readonly id: string;
  readonly name: string;
  /** What clients show. */
  readonly title: string;
  readonly type: string;
}

type Doc = MessageDocument;
type Record_ = Readonly<Record<string, unknown>>;

/** Scalar fields and the type their column wants. A value of another type is null there, and itself in `extra`. */
const scalars: Readonly<Record<string, readonly [field: string, type: 'string' | 'number' | 'boolean' | 'date']>> = {
  updated_at: ['_updatedAt', 'date'],
  alias: ['alias', 'string'],
  type: ['t', 'string'],
  msg: ['msg', 'string'],
  thread_id: ['tmid', 'string'],
  thread_shown: ['tshow', 'boolean'],
  thread_count: ['tcount', 'number'],
  thread_last_at: ['tlm', 'date'],
  discussion_id: ['drid', 'string'],
  discussion_count: ['dcount', 'number'],
  discussion_last_at: ['dlm', 'date'],
  edited_at: ['editedAt', 'date'],
  pinned_at: ['pinnedAt', 'date'],
};

/** The rows of a message, from the document as the server sends it. */
export function expectedMessage(document: Doc, room: ExpectedRoom, run: number): ExpectedMessage {
  const tsMs = Date.parse(document.ts);
  const { text, links, emoji } = expectedText(document);
  const mentions = list(document, 'mentions');
  const channels = list(document, 'channels');
  const reactions = Object.entries(object(document, 'reactions')).map(([name, reaction]) => ({
    emoji: name,
    usernames: list(reaction as Doc, 'usernames') as unknown as readonly string[],
    names: list(reaction as Doc, 'names') as unknown as readonly string[],
  }));
  const attachments = expectedAttachments(document);
  const common = {
    ...{ message_id: document._id, room_id: room.id, ts: tsMs },
    ...{ user_id: document.u._id, thread_id: scalar(document['tmid'], 'string') },
  };
  const side = (elements: readonly Record_[]): readonly ExpectedRow[] =>
    elements.map((element, position) => ({ ...common, position, ...element, op: 'upsert', run }));

  const row = {
    ...{
      message_id: document._id,
      room_id: room.id,
      room_name: room.name,
      room_title: room.title,
      room_type: room.type,
    },
    ts: tsMs,
    ...Object.fromEntries(
      Object.entries(scalars).map(([column, [field, type]]) => [column, scalar(document[field], type)]),
    ),
    user_id: document.u._id,
    username: document.u.username,
    user_name: document.u.name ?? null,
    ...expectedSystem(document),
    ...expectedJson(document),
    is_bot: document['bot'] !== undefined && document['bot'] !== false,
    bot_id: object(document, 'bot')['i'] ?? null,
    imported: document['imported'] !== undefined,
    thread_follower_ids: document['replies'] ?? [],
    quoted_message_ids: expectedQuotes(document),
    text,
    links: links.map(({ url }) => url),
    emoji,
    mention_ids: mentions.map(({ _id }) => _id),
    mention_usernames: mentions.flatMap(({ username }) => username ?? []),
    mentions_all: mentions.some(({ _id }) => _id === 'all'),
    mentions_here: mentions.some(({ _id }) => _id === 'here'),
    channel_ids: channels.map(({ _id }) => _id),
    channel_names: channels.map(({ name, fname = name }) => fname),
    reaction_count: reactions.reduce((sum, { usernames }) => sum + usernames.length, 0),
    reactions: reactions.map(({ emoji: name, usernames }) => ({ emoji: name, count: usernames.length, usernames })),
    edited_by_id: object(document, 'editedBy')['_id'] ?? null,
    edited_by_username: object(document, 'editedBy')['username'] ?? null,
    pinned: document['pinned'] === true,
    pinned_by_username: object(document, 'pinnedBy')['username'] ?? null,
    // A list, in the oldest documents one bare object.
    starred_by_ids: [document['starred'] ?? []].flat().map((star) => (star as Record_)['_id']),
    attachment_count: attachments.length,
    attachments,
    urls: list(document, 'urls').map(({ url }) => url),
    encrypted: document['t'] === 'e2e',
    extra: expectedExtra(document, wrongFields(document)),
    md: document['md'] ?? null,
    deleted_at: null,
    op: 'upsert',
    run,
  };
  return {
    ...{ id: document._id, tsMs, row },
    mentions: side(
      mentions.map(({ _id, username = null, name = null, type }) => ({
        mention_id: _id,
        username,
        name,
        mention_type: _id === 'all' || _id === 'here' ? _id : (type ?? 'user'),
      })),
    ),
    reactions: side(
      reactions.flatMap(({ emoji: name, usernames, names }) =>
        usernames.map((username, at) => ({
          ...{ emoji: name, emoji_unicode: emojiUnicode(name), username, reactor_id: null, name: names[at] ?? null },
        })),
      ),
    ),
    attachments: side(attachments as readonly (Record_ & (typeof attachments)[number])[]),
    links: side(links),
  };
}

/** A row of the room list, by what is stored. */
export function expectedRoomRow(room: ExpectedRoom, stored: WorkspaceRoom, run: number): ExpectedRow {
  const visible = stored.messages.filter(({ hidden }) => !hidden);
  return {
    room_id: room.id,
    room_name: room.name,
    room_title: room.title,
    room_type: room.type,
    read_only: false,
    topic: stored.fields['topic'] ?? null,
    description: stored.fields['description'] ?? null,
    team_id: stored.fields['teamId'] ?? null,
    owner_id: object(stored.fields, 'u')['_id'] ?? null,
    created_at: stored.createdAtMs,
    members_count: stored.memberIds.size,
    archived: stored.archived,
    parent_id: stored.parentId,
    message_count: visible.length,
    last_message_at: visible.at(-1)?.tsMs ?? null,
    op: 'upsert',
    run,
  };
}

function wrongFields(document: Doc): readonly string[] {
  return Object.values(scalars).flatMap(([field, type]) =>
    document[field] != null && scalar(document[field], type) === null ? [field] : [],
  );
}

function scalar(value: unknown, type: 'string' | 'number' | 'boolean' | 'date'): unknown {
  if (type === 'number') return Number.isSafeInteger(value) ? value : null;
  if (type !== 'date') return typeof value === type ? value : null;
  return typeof value === 'string' && /^\d{4}-.+T.+/.test(value) ? Date.parse(value) : null;
}

function list(document: Record_, field: string): readonly Record_[] {
  return (document[field] ?? []) as readonly Record_[];
}

function object(document: Record_, field: string): Record_ {
  return (document[field] ?? {}) as Record_;
}
