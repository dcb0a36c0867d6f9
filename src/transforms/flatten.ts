import type { Message, RawMessage } from '../model/message.ts';
import type { JsonValue } from '../model/json/json-value.ts';
import type { FlatMessage, RowContext } from '../model/flat-message.ts';
import { readAttachments } from './attachments/attachments.ts';
import { blocksText } from './blocks-text.ts';
import { readBot, readImported } from './bot.ts';
import { readChannels } from './channels.ts';
import { readExtra } from './extra.ts';
import {
  type BadFields,
  markBad,
  readBoolean,
  readDate,
  readInt,
  readList,
  readRecord,
  readRecords,
  readString,
  readStringList,
  readStrings,
} from './field-readers.ts';
import { flattenUsual, isUsual } from './flatten-usual.ts';
import { readMentions } from './mentions.ts';
import { readReactions } from './reactions.ts';
import { readMd } from './md/read-md.ts';
import { readStarred } from './starred.ts';
import { isSystemType, readSystemMessage } from './system-message.ts';

/**
 * Takes everything the tables need out of a message. Never throws: a value of a wrong type is read as null (of a list,
 * the good elements are kept), the field is named in `badFields`, and its raw value is in `extra`.
 */
export function flatten(message: Message, context: RowContext): FlatMessage {
  return isUsual(message.raw) ? flattenUsual(message, context) : flattenAny(message, context);
}

/** The same of any message, whatever fields it has. */
export function flattenAny(message: Message, context: RowContext): FlatMessage {
  const { raw } = message;
  const bad: BadFields = [];
  const type = readString(raw['t'], 't', bad);
  const msg = readString(raw['msg'], 'msg', bad);
  const md = readList(raw['md'], 'md', bad);
  const channels = readChannels(raw, bad);
  const { text, links, emoji } = readMd(md, msg, channels.titleOf);
  const user = readRecord(raw['u'], 'u', bad);
  const userId = readString(user?.['_id'], 'u', bad);
  const username = readString(user?.['username'], 'u', bad);
  const editedBy = readRecord(raw['editedBy'], 'editedBy', bad);
  const editedById = readString(editedBy?.['_id'], 'editedBy', bad);
  const editedByUsername = readString(editedBy?.['username'], 'editedBy', bad);
  const pinnedBy = readRecord(raw['pinnedBy'], 'pinnedBy', bad);
  const { attachments, quotedMessageIds, leftOver } = readAttachments(raw, bad);
  const { isBot, botId } = readBot(raw['bot'], bad);
  const system = readSystemMessage(raw, { type, msg, userId, username, editedById, editedByUsername }, bad);
  const encrypted = readE2e(raw['e2e'], bad) || type === 'e2e';
  checkRoom(raw['rid'], context, bad);

  return {
    roomId: context.roomId,
    roomName: context.roomName,
    roomTitle: context.roomTitle,
    roomType: context.roomType,
    run: context.run,
    id: message.id,
    ts: new Date(message.tsMs),
    op: 'upsert',
    deletedAt: null,
    versionOf: message.hidden ? readString(raw['parent'], 'parent', bad) : null,
    raw,
    updatedAt: readDate(raw['_updatedAt'], '_updatedAt', bad),
    userId,
    username,
    userName: readString(user?.['name'], 'u', bad),
    alias: readString(raw['alias'], 'alias', bad),
    type,
    isSystem: isSystemType(type),
    systemActorId: system.systemActorId,
    systemActorUsername: system.systemActorUsername,
    systemTarget: system.systemTarget,
    systemValue: system.systemValue,
    isBot,
    botId,
    msg,
    text: text === '' ? (msg === null || msg === '' ? (blocksText(raw['blocks']) ?? msg) : msg) : text,
    links,
    emoji,
    mentions: readMentions(raw['mentions'], bad),
    channelIds: channels.ids,
    channelNames: channels.titles,
    reactions: readReactions(raw['reactions'], bad),
    threadId: readString(raw['tmid'], 'tmid', bad),
    threadShown: readBoolean(raw['tshow'], 'tshow', bad),
    threadCount: readInt(raw['tcount'], 'tcount', bad),
    threadLastAt: readDate(raw['tlm'], 'tlm', bad),
    threadFollowerIds: readStringList(raw['replies'], 'replies', bad),
    discussionId: readString(raw['drid'], 'drid', bad),
    discussionCount: readInt(raw['dcount'], 'dcount', bad),
    discussionLastAt: readDate(raw['dlm'], 'dlm', bad),
    editedAt: readDate(raw['editedAt'], 'editedAt', bad),
    editedById,
    editedByUsername,
    pinned: readBoolean(raw['pinned'], 'pinned', bad) ?? false,
    pinnedAt: readDate(raw['pinnedAt'], 'pinnedAt', bad),
    pinnedByUsername: readString(pinnedBy?.['username'], 'pinnedBy', bad),
    starredByIds: readStarred(raw['starred'], bad),
    attachments,
    quotedMessageIds,
    urls: readStrings(readRecords(raw['urls'], 'urls', bad), 'url', 'urls', bad),
    location: raw['location'] ?? null,
    encrypted,
    content: raw['content'] ?? null,
    e2eMentions: raw['e2eMentions'] ?? null,
    translations: raw['translations'] ?? null,
    omnichannel: omnichannel(raw),
    customFields: raw['customFields'] ?? null,
    imported: readImported(raw['imported'], bad),
    // Last: by now every bad field is known.
    extra: readExtra(raw, { type, bad, leftOver }),
    md: bad.includes('md') ? null : (raw['md'] ?? null),
    badFields: bad,
  };
}

/** Encrypted messages carry `e2e: "pending"` or `"done"`, but groups.messages takes the field out of every message. */
function readE2e(value: unknown, bad: BadFields): boolean {
  if (value === 'pending' || value === 'done') return true;
  if (value !== undefined && value !== null) markBad('e2e', bad);
  return false;
}

/** The room column says which room was asked for; a message that says otherwise must not lose its own word. */
function checkRoom(rid: unknown, context: RowContext, bad: BadFields): void {
  if (rid !== undefined && rid !== null && rid !== context.roomId) markBad('rid', bad);
}

/** Source: IOmnichannelSystemMessage in packages/core-typings/src/IMessage/IMessage.ts */
const omnichannelFields = ['token', 'navigation', 'transferData', 'requestData', 'slaData', 'priorityData'] as const;

function omnichannel(raw: RawMessage): JsonValue {
  let fields: Record<string, JsonValue> | null = null;
  for (const name of omnichannelFields) {
    const value = raw[name];
    if (value !== undefined && value !== null) (fields ??= {})[name] = value;
  }
  return fields;
}
