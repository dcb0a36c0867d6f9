import type { Column, StructField, StructValue } from '../../model/column.ts';
import { columnsOf, structsColumn } from '../define-column.ts';
import type { FlatMention, FlatMessage, FlatReaction } from '../../model/flat-message.ts';

const column = columnsOf<FlatMessage>();

const reactionFields: readonly StructField[] = [
  { name: 'emoji', kind: 'string' },
  { name: 'count', kind: 'int' },
  { name: 'usernames', kind: 'strings' },
];

const attachmentFields: readonly StructField[] = [
  { name: 'kind', kind: 'string' },
  { name: 'title', kind: 'string' },
  { name: 'author', kind: 'string' },
  { name: 'text', kind: 'string' },
  { name: 'url', kind: 'string' },
  { name: 'urls', kind: 'strings' },
  { name: 'mime_type', kind: 'string' },
  { name: 'size_bytes', kind: 'int' },
  { name: 'file_id', kind: 'string' },
];

/** Columns of a message that say what it holds: its text and what stands in it, reactions, attachments. */
export const contentColumns: readonly Column<FlatMessage>[] = [
  column(
    'msg',
    'string?',
    'msg',
    'Source text, verbatim; of a system message its parameter, of an encrypted one the ciphertext.',
    (m) => m.msg,
  ),
  column(
    'text',
    'string?',
    'md, msg, blocks',
    'What a person would read: `md` as plain text; without `md`, `msg`; of a message of an app that has neither, the text of its `blocks`.',
    (m) => m.text,
  ),
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
    'channels[].fname, name',
    'Titles of the rooms it names with `#`, in order; join by `channel_ids`.',
    (m) => m.channelNames,
  ),
  column('reaction_count', 'int', 'reactions', 'Reactions of all emoji and people together.', (m) =>
    m.reactions.reduce((sum, { count }) => sum + count, 0),
  ),
  structsColumn(
    'reactions',
    reactionFields,
    'reactions',
    "One struct per emoji, in the server's order: how many reacted so, and who.",
    (m) => m.reactions.map(reactionStruct),
  ),
  column('attachment_count', 'int', 'attachments, files', 'Elements of `attachments`.', (m) => m.attachments.length),
  structsColumn(
    'attachments',
    attachmentFields,
    'attachments, files',
    'Files, cards and quotes, each before those nested in it; then uploads no attachment shows.',
    (m) => m.attachments.map((attachment) => ({ ...attachment })),
  ),
  column(
    'quoted_message_ids',
    'list<string>',
    'attachments[].message_link',
    'Ids of the messages it quotes, in order; not those quoted by them.',
    (m) => m.quotedMessageIds,
  ),
  column('urls', 'list<string>', 'urls[].url', 'Addresses the server found in the text, in order.', (m) => m.urls),
  column(
    'encrypted',
    'boolean',
    'e2e, t',
    'Whether it is end-to-end encrypted: `msg` and `text` hold no plain text.',
    (m) => m.encrypted,
  ),
  column('content', 'json?', 'content', 'Ciphertext of an end-to-end encrypted message.', (m) => m.content),
  column(
    'e2e_mentions',
    'json?',
    'e2eMentions',
    'Whom an end-to-end encrypted message mentions, by the word of its sender.',
    (m) => m.e2eMentions,
  ),
  column('location', 'json?', 'location', 'A place that was shared, as GeoJSON.', (m) => m.location),
  column('translations', 'json?', 'translations', 'Translations of the text, by language.', (m) => m.translations),
  column(
    'omnichannel',
    'json?',
    'token, navigation, transferData, requestData, slaData, priorityData',
    'What livechat says of a visitor and of the conversation: these fields, as far as they are there.',
    (m) => m.omnichannel,
  ),
  column(
    'custom_fields',
    'json?',
    'customFields',
    'Fields that the workspace or an app defines.',
    (m) => m.customFields,
  ),
];

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
