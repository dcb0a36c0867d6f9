import type { Column, StructField, StructValue } from './column.ts';
import { columnsOf, structsColumn } from './define-column.ts';
import type { FlatMention, FlatMessage, FlatReaction } from './flat-message.ts';

const column = columnsOf<FlatMessage>();

const reactionFields: readonly StructField[] = [
  { name: 'emoji', kind: 'string' },
  { name: 'count', kind: 'int' },
  { name: 'usernames', kind: 'strings' },
];

const attachmentFields: readonly StructField[] = [
  { name: 'kind', kind: 'string' },
  { name: 'title', kind: 'string' },
  { name: 'text', kind: 'string' },
  { name: 'url', kind: 'string' },
  { name: 'mime_type', kind: 'string' },
  { name: 'size_bytes', kind: 'int' },
  { name: 'file_id', kind: 'string' },
];

const columns: readonly Column<FlatMessage>[] = [
  column('message_id', 'string', '_id', 'Id of the message, unique in the workspace.', (m) => m.id),
  column('room_id', 'string', 'rid', 'Id of the room it was read from.', (m) => m.roomId),
  column(
    'room_name',
    'string',
    'room list',
    'Name of the room when the run started; of a direct room, the other people.',
    (m) => m.roomName,
  ),
  column(
    'room_type',
    'string',
    'room list',
    '`private`, `channel`, `direct`, `livechat` or `voip`.',
    (m) => m.roomType,
  ),
  column('ts', 'timestamp', 'ts', 'When it was sent; never changes. Of a tombstone, when it was deleted.', (m) => m.ts),
  column(
    'updated_at',
    'timestamp?',
    '_updatedAt',
    'When the server last changed anything about it: an edit, a reaction, a reply in its thread, its deletion.',
    (m) => m.updatedAt,
  ),
  column('user_id', 'string?', 'u._id', 'Id of the sender.', (m) => m.userId),
  column('username', 'string?', 'u.username', 'The sender as others mention them.', (m) => m.username),
  column('user_name', 'string?', 'u.name', "The sender's real name.", (m) => m.userName),
  column(
    'alias',
    'string?',
    'alias',
    "Name shown instead of the sender's, set by integrations and imports.",
    (m) => m.alias,
  ),
  column(
    'type',
    'string?',
    't',
    'Kind of system message (`uj`, `rm`, `e2e`…); null for an ordinary one.',
    (m) => m.type,
  ),
  column(
    'msg',
    'string?',
    'msg',
    'Source text, verbatim; of a system message its parameter, of an encrypted one the ciphertext.',
    (m) => m.msg,
  ),
  column('text', 'string?', 'md', 'What a person would read: `md` as plain text; without `md`, `msg`.', (m) => m.text),
  column('links', 'list<string>', 'md LINK, IMAGE', 'Addresses the text links to or shows, in order.', (m) =>
    m.links.map(({ url }) => url),
  ),
  column(
    'emoji',
    'list<string>',
    'md EMOJI',
    'Emoji of the text, in order: `:tada:` or the character itself.',
    (m) => m.emoji,
  ),
  column(
    'mention_ids',
    'list<string>',
    'mentions[]._id',
    'Ids of the users and teams mentioned, and `all` and `here`, in order.',
    (m) => present(m.mentions, ({ id }) => id),
  ),
  column(
    'mention_usernames',
    'list<string>',
    'mentions[].username',
    'Usernames mentioned, in order; teams have none.',
    (m) => present(m.mentions, ({ username }) => username),
  ),
  column('mentions_all', 'boolean', 'mentions', 'Whether it mentions `@all`.', (m) =>
    m.mentions.some(({ type }) => type === 'all'),
  ),
  column('mentions_here', 'boolean', 'mentions', 'Whether it mentions `@here`.', (m) =>
    m.mentions.some(({ type }) => type === 'here'),
  ),
  column(
    'channel_ids',
    'list<string>',
    'channels[]._id',
    'Ids of the rooms it names with `#`, in order.',
    (m) => m.channelIds,
  ),
  column(
    'channel_names',
    'list<string>',
    'channels[].name',
    'Names of the rooms it names with `#`, in order.',
    (m) => m.channelNames,
  ),
  column('reaction_count', 'int', 'reactions', 'Reactions of all emoji and people together.', (m) =>
    m.reactions.reduce((sum, { count }) => sum + count, 0),
  ),
  structsColumn(
    'reactions',
    reactionFields,
    'reactions',
    "One struct an emoji, in the server's order: how many reacted so, and who.",
    (m) => m.reactions.map(reactionStruct),
  ),
  column(
    'thread_id',
    'string?',
    'tmid',
    'The message that started the thread this one replies in; null outside of threads.',
    (m) => m.threadId,
  ),
  column('thread_shown', 'boolean?', 'tshow', 'Whether a thread reply is shown in the room too.', (m) => m.threadShown),
  column('thread_count', 'int?', 'tcount', 'Replies in the thread this message started.', (m) => m.threadCount),
  column(
    'thread_last_at',
    'timestamp?',
    'tlm',
    'When the thread this message started was last replied to.',
    (m) => m.threadLastAt,
  ),
  column('discussion_id', 'string?', 'drid', 'Room of the discussion this message started.', (m) => m.discussionId),
  column('discussion_count', 'int?', 'dcount', 'Messages in that discussion.', (m) => m.discussionCount),
  column(
    'discussion_last_at',
    'timestamp?',
    'dlm',
    'When that discussion last had a message.',
    (m) => m.discussionLastAt,
  ),
  column(
    'edited_at',
    'timestamp?',
    'editedAt',
    'When it was last edited, or deleted with its place kept (`type` `rm`).',
    (m) => m.editedAt,
  ),
  column('edited_by_id', 'string?', 'editedBy._id', 'Id of the user who did.', (m) => m.editedById),
  column(
    'edited_by_username',
    'string?',
    'editedBy.username',
    'Username of the user who did.',
    (m) => m.editedByUsername,
  ),
  column('pinned', 'boolean', 'pinned', 'Whether it is pinned to the room.', (m) => m.pinned),
  column('pinned_at', 'timestamp?', 'pinnedAt', 'When it was last pinned or unpinned.', (m) => m.pinnedAt),
  column(
    'pinned_by_username',
    'string?',
    'pinnedBy.username',
    'Who last pinned or unpinned it.',
    (m) => m.pinnedByUsername,
  ),
  column(
    'starred_by_ids',
    'list<string>',
    'starred[]._id',
    'Ids of the users who starred it, as far as the endpoint tells them.',
    (m) => m.starredByIds,
  ),
  column('attachment_count', 'int', 'attachments, files', 'Elements of `attachments`.', (m) => m.attachments.length),
  structsColumn(
    'attachments',
    attachmentFields,
    'attachments, files',
    'Files, cards and quotes, each before those nested in it; then uploads no attachment shows.',
    (m) => m.attachments.map((attachment) => ({ ...attachment })),
  ),
  column('urls', 'list<string>', 'urls[].url', 'Addresses the server found in the text, in order.', (m) => m.urls),
  column(
    'encrypted',
    'boolean',
    'e2e, t',
    'Whether it is end-to-end encrypted: `msg` and `text` hold no plain text.',
    (m) => m.encrypted,
  ),
  column(
    'extra',
    'json?',
    'all others',
    'Every field that has no column, and every field with a value of a wrong type, verbatim.',
    (m) => m.extra,
  ),
];

/** Most of every file where it is kept, so only for jobs that ask for it. */
const md = column('md', 'json?', 'md', 'Syntax tree of the text, verbatim.', (m) => m.md);

const op = column(
  'op',
  'string',
  'the run',
  '`upsert`: the row replaces rows of earlier runs with the same message_id; `delete`: the message is gone.',
  (m) => m.op,
);

const run = column('run', 'int', 'the run', 'Number of the run that wrote the row.', (m) => m.run);

/**
 * Columns of `messages` and `mentioned_messages`: one row a message. Names, types and order are a contract with those
 * who read the files.
 */
export function messageColumns(options: { readonly md: boolean }): readonly Column<FlatMessage>[] {
  return options.md ? [...columns, md, op, run] : [...columns, op, run];
}

/** One property of every mention that has it. */
function present(
  mentions: readonly FlatMention[],
  property: (mention: FlatMention) => string | null,
): readonly string[] {
  return mentions.map(property).filter((value) => value !== null);
}

function reactionStruct({ emoji, count, usernames }: FlatReaction): StructValue {
  return { emoji, count, usernames };
}
