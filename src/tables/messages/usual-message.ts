import type { FlatMessage } from '../../model/flat-message.ts';
import type { KnownSources } from '../rows/row-kinds.ts';

/**
 * By field of a message the bit that says it is not as most messages have it: null, false, an empty list. Fields that
 * come and go together share one. 0: every message has its own.
 */
const bits: Readonly<Record<keyof FlatMessage, number>> = {
  roomId: 0,
  roomName: 0,
  roomTitle: 0,
  roomType: 0,
  run: 0,
  id: 0,
  ts: 0,
  raw: 0,
  updatedAt: 0,
  userId: 0,
  username: 0,
  userName: 0,
  msg: 0,
  text: 0,
  badFields: 0,
  op: 1 << 0,
  deletedAt: 1 << 0,
  versionOf: 1 << 0,
  alias: 1 << 1,
  type: 1 << 2,
  isSystem: 1 << 2,
  systemActorId: 1 << 3,
  systemActorUsername: 1 << 3,
  systemTarget: 1 << 3,
  systemValue: 1 << 3,
  isBot: 1 << 4,
  botId: 1 << 4,
  links: 1 << 5,
  emoji: 1 << 6,
  mentions: 1 << 7,
  channelIds: 1 << 8,
  channelNames: 1 << 8,
  reactions: 1 << 9,
  threadId: 1 << 10,
  threadShown: 1 << 11,
  threadCount: 1 << 12,
  threadLastAt: 1 << 12,
  threadFollowerIds: 1 << 12,
  discussionId: 1 << 13,
  discussionCount: 1 << 13,
  discussionLastAt: 1 << 13,
  editedAt: 1 << 14,
  editedById: 1 << 14,
  editedByUsername: 1 << 14,
  pinned: 1 << 15,
  pinnedAt: 1 << 15,
  pinnedByUsername: 1 << 15,
  starredByIds: 1 << 16,
  attachments: 1 << 17,
  quotedMessageIds: 1 << 17,
  urls: 1 << 18,
  location: 1 << 19,
  encrypted: 1 << 20,
  content: 1 << 20,
  e2eMentions: 1 << 20,
  translations: 1 << 21,
  omnichannel: 1 << 22,
  customFields: 1 << 23,
  imported: 1 << 24,
  extra: 1 << 25,
  md: 1 << 26,
};

/** The same bits of one message, field by field: a loop over names would take ten times as long. */
function bitsOf(m: FlatMessage): number {
  let found = 0;
  if (m.op !== 'upsert' || m.deletedAt !== null || m.versionOf !== null) found |= bits.op;
  if (m.alias !== null) found |= bits.alias;
  if (m.type !== null || m.isSystem) found |= bits.type;
  if (m.systemActorId !== null || m.systemActorUsername !== null) found |= bits.systemActorId;
  if (m.systemTarget !== null || m.systemValue !== null) found |= bits.systemActorId;
  if (m.isBot || m.botId !== null) found |= bits.isBot;
  if (m.links.length > 0) found |= bits.links;
  if (m.emoji.length > 0) found |= bits.emoji;
  if (m.mentions.length > 0) found |= bits.mentions;
  if (m.channelIds.length > 0 || m.channelNames.length > 0) found |= bits.channelIds;
  if (m.reactions.length > 0) found |= bits.reactions;
  if (m.threadId !== null) found |= bits.threadId;
  if (m.threadShown !== null) found |= bits.threadShown;
  if (m.threadCount !== null || m.threadLastAt !== null || m.threadFollowerIds.length > 0) found |= bits.threadCount;
  if (m.discussionId !== null || m.discussionCount !== null || m.discussionLastAt !== null) found |= bits.discussionId;
  if (m.editedAt !== null || m.editedById !== null || m.editedByUsername !== null) found |= bits.editedAt;
  if (m.pinned || m.pinnedAt !== null || m.pinnedByUsername !== null) found |= bits.pinned;
  if (m.starredByIds.length > 0) found |= bits.starredByIds;
  if (m.attachments.length > 0 || m.quotedMessageIds.length > 0) found |= bits.attachments;
  if (m.urls.length > 0) found |= bits.urls;
  if (m.location !== null) found |= bits.location;
  if (m.encrypted || m.content !== null || m.e2eMentions !== null) found |= bits.encrypted;
  if (m.translations !== null) found |= bits.translations;
  if (m.omnichannel !== null) found |= bits.omnichannel;
  if (m.customFields !== null) found |= bits.customFields;
  if (m.imported) found |= bits.imported;
  if (m.extra !== null) found |= bits.extra;
  if (m.md !== null) found |= bits.md;
  return found;
}

/** A message of which nothing is said but who wrote it, when and where, so that `bitsOf` finds nothing in it. */
const usual: FlatMessage = {
  roomId: '',
  roomName: '',
  roomTitle: '',
  roomType: '',
  run: 0,
  id: '',
  ts: new Date(0),
  raw: {},
  op: 'upsert',
  deletedAt: null,
  versionOf: null,
  updatedAt: null,
  userId: null,
  username: null,
  userName: null,
  alias: null,
  type: null,
  isSystem: false,
  isBot: false,
  botId: null,
  msg: null,
  text: null,
  systemActorId: null,
  systemActorUsername: null,
  systemTarget: null,
  systemValue: null,
  links: [],
  emoji: [],
  mentions: [],
  channelIds: [],
  channelNames: [],
  reactions: [],
  threadId: null,
  threadShown: null,
  threadCount: null,
  threadLastAt: null,
  threadFollowerIds: [],
  discussionId: null,
  discussionCount: null,
  discussionLastAt: null,
  editedAt: null,
  editedById: null,
  editedByUsername: null,
  pinned: false,
  pinnedAt: null,
  pinnedByUsername: null,
  starredByIds: [],
  attachments: [],
  quotedMessageIds: [],
  urls: [],
  location: null,
  encrypted: false,
  content: null,
  e2eMentions: null,
  translations: null,
  omnichannel: null,
  customFields: null,
  imported: false,
  extra: null,
  md: null,
  badFields: [],
};

/** What most messages have in common. */
export const knownMessages: KnownSources<FlatMessage> = { usual, bitsOf, bits };
