import type { Message, RawMessage } from '../rocketchat/message.ts';
import type { JsonValue } from '../tables/column.ts';
import type { FlatMessage, RowContext } from '../tables/flat-message.ts';
import { readAttachments } from './attachments.ts';
import type { BadFields } from './field-readers.ts';
import {
  markBad,
  none,
  readBoolean,
  readDate,
  readInt,
  readList,
  readRecord,
  readRecords,
  readString,
  readStrings,
} from './field-readers.ts';
import { readMentions } from './mentions.ts';
import { readReactions } from './reactions.ts';
import type { MdContent } from './read-md.ts';
import { readMd } from './read-md.ts';
import { readStarred } from './starred.ts';

/**
 * Top-level fields that a column is read from. What a column has no place for inside of one of them (the preview of a
 * link in `urls`, thumbnails in `files`) is not repeated in `extra`: it would make up most of every row, and is in the
 * raw pages for those who need it.
 */
const knownFields: ReadonlySet<string> = new Set([
  ...['_id', 'rid', 'ts', '_updatedAt', 'u', 'alias', 't', 'msg', 'md', 'mentions', 'channels', 'reactions'],
  ...['tmid', 'tshow', 'tcount', 'tlm', 'drid', 'dcount', 'dlm', 'editedAt', 'editedBy'],
  ...['pinned', 'pinnedAt', 'pinnedBy', 'starred', 'attachments', 'files', 'file', 'urls', 'e2e'],
]);

const noMd: MdContent = { text: '', links: none, emoji: none };

/**
 * Takes everything the tables need out of a message. Never throws: a value of a wrong type is read as null (of a list,
 * the good elements are kept), the field is named in `badFields`, and its raw value is in `extra`.
 */
export function flatten(message: Message, context: RowContext): FlatMessage {
  const { raw } = message;
  const bad: BadFields = [];
  const type = readString(raw['t'], 't', bad);
  const msg = readString(raw['msg'], 'msg', bad);
  const md = readList(raw['md'], 'md', bad);
  const { text, links, emoji } = md.length === 0 ? noMd : readMd(md, msg);
  const user = readRecord(raw['u'], 'u', bad);
  const channels = readRecords(raw['channels'], 'channels', bad);
  const editedBy = readRecord(raw['editedBy'], 'editedBy', bad);
  const pinnedBy = readRecord(raw['pinnedBy'], 'pinnedBy', bad);
  const encrypted = readE2e(raw['e2e'], bad) || type === 'e2e';
  checkRoom(raw['rid'], context, bad);

  return {
    roomId: context.roomId,
    roomName: context.roomName,
    roomType: context.roomType,
    run: context.run,
    id: message.id,
    ts: new Date(message.tsMs),
    op: 'upsert',
    versionOf: message.hidden ? readString(raw['parent'], 'parent', bad) : null,
    raw,
    updatedAt: readDate(raw['_updatedAt'], '_updatedAt', bad),
    userId: readString(user?.['_id'], 'u', bad),
    username: readString(user?.['username'], 'u', bad),
    userName: readString(user?.['name'], 'u', bad),
    alias: readString(raw['alias'], 'alias', bad),
    type,
    msg,
    text: text === '' ? msg : text,
    links,
    emoji,
    mentions: readMentions(raw['mentions'], bad),
    channelIds: readStrings(channels, '_id', 'channels', bad),
    channelNames: readStrings(channels, 'name', 'channels', bad),
    reactions: readReactions(raw['reactions'], bad),
    threadId: readString(raw['tmid'], 'tmid', bad),
    threadShown: readBoolean(raw['tshow'], 'tshow', bad),
    threadCount: readInt(raw['tcount'], 'tcount', bad),
    threadLastAt: readDate(raw['tlm'], 'tlm', bad),
    discussionId: readString(raw['drid'], 'drid', bad),
    discussionCount: readInt(raw['dcount'], 'dcount', bad),
    discussionLastAt: readDate(raw['dlm'], 'dlm', bad),
    editedAt: readDate(raw['editedAt'], 'editedAt', bad),
    editedById: readString(editedBy?.['_id'], 'editedBy', bad),
    editedByUsername: readString(editedBy?.['username'], 'editedBy', bad),
    pinned: readBoolean(raw['pinned'], 'pinned', bad) ?? false,
    pinnedAt: readDate(raw['pinnedAt'], 'pinnedAt', bad),
    pinnedByUsername: readString(pinnedBy?.['username'], 'pinnedBy', bad),
    starredByIds: readStarred(raw['starred'], bad),
    attachments: readAttachments(raw, bad),
    urls: readStrings(readRecords(raw['urls'], 'urls', bad), 'url', 'urls', bad),
    encrypted,
    // Last: by now every bad field is known.
    extra: readExtra(raw, bad),
    md: bad.includes('md') ? null : asJson(raw['md'] ?? null),
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

function readExtra(raw: RawMessage, bad: BadFields): JsonValue {
  let entries: [string, unknown][] | undefined;
  for (const key of Object.keys(raw)) {
    if (knownFields.has(key) && !bad.includes(key)) continue;
    if (raw[key] !== undefined) (entries ??= []).push([key, raw[key]]);
  }
  // Not by assignment: a field named "__proto__" would vanish.
  return entries === undefined ? null : asJson(Object.fromEntries(entries));
}

/** A raw message is what JSON.parse made of a page, so whatever is in it is JSON. */
function asJson(value: unknown): JsonValue {
  return value as JsonValue;
}
