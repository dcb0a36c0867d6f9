import { type Message, type RawMessage } from '../model/message.ts';
import type { FlatMessage, RowContext } from '../model/flat-message.ts';
import { restDateMs } from '../model/time/rest-date.ts';
import { readAttachments } from './attachments/attachments.ts';
import { readChannels } from './channels.ts';
import { readExtra } from './extra.ts';
import {
  type BadFields,
  markBad,
  none,
  readDate,
  readList,
  readRecord,
  readRecords,
  readString,
  readStrings,
} from './field-readers.ts';
import { readMd } from './md/read-md.ts';
import { readMentions } from './mentions.ts';
import { readReactions } from './reactions.ts';

/** Fields that three of four messages have nothing beside: people's words, in a thread or not, with what is attached. */
const usualFields: ReadonlySet<string> = new Set([
  ...['_id', 'rid', 'msg', 'md', 'ts', 'u', '_updatedAt', 'urls', 'mentions', 'channels'],
  ...['tmid', 'reactions', 'attachments', 'files', 'file'],
]);

/** Whether `flattenUsual` reads all that the message has. */
export function isUsual(raw: RawMessage): boolean {
  for (const key in raw) if (!usualFields.has(key)) return false;
  return true;
}

/**
 * What `flatten` makes of a message that has usual fields only, in less time (`npm run bench -- stages`): fields that are not there need no
 * reader. It reads them in the same order, so that bad ones are named in the same.
 *
 * Every field is written out: spread from an object that `flattenUsual` and the table's usual message share, V8 makes a
 * dictionary of each message (17 times the CPU).
 */
export function flattenUsual({ id, tsMs, raw }: Message, context: RowContext): FlatMessage {
  const bad: BadFields = [];
  const msg = readString(raw['msg'], 'msg', bad);
  const md = readList(raw['md'], 'md', bad);
  const channels = readChannels(raw, bad);
  const { text, links, emoji } = readMd(md, msg, channels.titleOf);
  const user = readRecord(raw['u'], 'u', bad);
  const userId = readString(user?.['_id'], 'u', bad);
  const username = readString(user?.['username'], 'u', bad);
  const { attachments, quotedMessageIds, leftOver } = readAttachments(raw, bad);
  const { rid } = raw;
  if (rid !== undefined && rid !== null && rid !== context.roomId) markBad('rid', bad);
  const updatedAt = readDate(raw['_updatedAt'], '_updatedAt', bad);
  const userName = readString(user?.['name'], 'u', bad);
  const mentions = readMentions(raw['mentions'], bad);
  const reactions = readReactions(raw['reactions'], bad);
  const threadId = readString(raw['tmid'], 'tmid', bad);
  const urls = readStrings(readRecords(raw['urls'], 'urls', bad), 'url', 'urls', bad);
  const holdsLists =
    mentions.length + channels.ids.length + reactions.length + attachments.length + urls.length > 0 ||
    raw['file'] !== undefined ||
    raw['files'] !== undefined;
  const isReadWhole = bad.length === 0 && !holdsLists && hasRestDates(raw) && isReadUser(user);

  return {
    roomId: context.roomId,
    roomName: context.roomName,
    roomTitle: context.roomTitle,
    roomType: context.roomType,
    run: context.run,
    id,
    ts: new Date(tsMs),
    op: 'upsert',
    deletedAt: null,
    versionOf: null,
    raw,
    updatedAt,
    userId,
    username,
    userName,
    alias: null,
    type: null,
    isSystem: false,
    systemActorId: null,
    systemActorUsername: null,
    systemTarget: null,
    systemValue: null,
    isBot: false,
    botId: null,
    msg,
    text: text === '' ? msg : text,
    links,
    emoji,
    mentions,
    channelIds: channels.ids,
    channelNames: channels.titles,
    reactions,
    threadId,
    threadShown: null,
    threadCount: null,
    threadLastAt: null,
    threadFollowerIds: none,
    discussionId: null,
    discussionCount: null,
    discussionLastAt: null,
    editedAt: null,
    editedById: null,
    editedByUsername: null,
    pinned: false,
    pinnedAt: null,
    pinnedByUsername: null,
    starredByIds: none,
    attachments,
    quotedMessageIds,
    urls,
    location: null,
    encrypted: false,
    content: null,
    e2eMentions: null,
    translations: null,
    omnichannel: null,
    customFields: null,
    imported: false,
    extra: isReadWhole ? null : readExtra(raw, { type: null, bad, leftOver }),
    md: bad.includes('md') ? null : (raw['md'] ?? null),
    badFields: bad,
  };
}

/** Of dates in another form the column keeps the moment only. */
function hasRestDates({ ts, _updatedAt: updatedAt }: RawMessage): boolean {
  return isRestDate(ts) && (updatedAt === undefined || updatedAt === null || isRestDate(updatedAt));
}

function isRestDate(value: unknown): boolean {
  return typeof value === 'string' && restDateMs(value) !== undefined;
}

function isReadUser(user: Readonly<Record<string, unknown>> | null): boolean {
  if (user !== null) for (const key in user) if (key !== '_id' && key !== 'username' && key !== 'name') return false;
  return true;
}
