import { ExactNumber } from '../../model/json/exact-number.ts';
import { isRecord } from '../../model/json/is-record.ts';
import { kindOf } from '../../plugins/create-from-plugin.ts';
import type { FlatMessage } from '../../model/flat-message.ts';

type Kind = 'string' | 'date' | 'int' | 'boolean' | 'json' | 'strings' | 'names' | Record<string, Scalar>;
type Scalar = 'string' | 'string?' | 'int' | 'int?' | 'strings' | 'names';

/** Of every field that columns are read from, its type; `?` may be null. A record is a list of such records. */
const fields = {
  id: 'string',
  ts: 'date',
  roomId: 'string',
  roomName: 'string',
  roomTitle: 'string',
  roomType: 'string',
  run: 'int',
  op: 'string',
  deletedAt: 'date?',
  versionOf: 'string?',
  updatedAt: 'date?',
  userId: 'string?',
  username: 'string?',
  userName: 'string?',
  alias: 'string?',
  type: 'string?',
  isSystem: 'boolean',
  systemActorId: 'string?',
  systemActorUsername: 'string?',
  systemTarget: 'string?',
  systemValue: 'string?',
  isBot: 'boolean',
  botId: 'string?',
  imported: 'boolean',
  msg: 'string?',
  text: 'string?',
  emoji: 'strings',
  links: { url: 'string', label: 'string?' },
  mentions: { id: 'string?', username: 'string?', name: 'string?', type: 'string' },
  channelIds: 'strings',
  channelNames: 'strings',
  reactions: { emoji: 'string', count: 'int', usernames: 'strings', names: 'names' },
  threadId: 'string?',
  threadShown: 'boolean?',
  threadCount: 'int?',
  threadLastAt: 'date?',
  threadFollowerIds: 'strings',
  discussionId: 'string?',
  discussionCount: 'int?',
  discussionLastAt: 'date?',
  editedAt: 'date?',
  editedById: 'string?',
  editedByUsername: 'string?',
  pinned: 'boolean',
  pinnedAt: 'date?',
  pinnedByUsername: 'string?',
  starredByIds: 'strings',
  attachments: {
    kind: 'string',
    title: 'string?',
    author: 'string?',
    text: 'string?',
    url: 'string?',
    urls: 'strings',
    mime_type: 'string?',
    size_bytes: 'int?',
    file_id: 'string?',
  },
  quotedMessageIds: 'strings',
  urls: 'strings',
  encrypted: 'boolean',
  location: 'json',
  content: 'json',
  e2eMentions: 'json',
  translations: 'json',
  omnichannel: 'json',
  customFields: 'json',
  extra: 'json',
  md: 'json',
  raw: 'json',
  badFields: 'strings',
} as const satisfies Record<keyof FlatMessage, Kind | `${'string' | 'date' | 'int' | 'boolean'}?`>;

/** What says which message a row is of, in which run: a step that changes it breaks what the manifest proves. */
const fixed = ['id', 'versionOf', 'run', 'op', 'deletedAt', 'raw'] as const satisfies readonly (keyof FlatMessage)[];

/**
 * Checks what somebody else's code made of `source`, so that no sink meets a value its column cannot hold.
 *
 * @returns the message, or what is wrong with it
 */
export function flatMessageProblem(answer: unknown, source: FlatMessage): FlatMessage | string {
  if (!isRecord(answer)) return `it is ${kindOf(answer)}, expected the message or null`;
  for (const [name, kind] of Object.entries(fields)) {
    const value = answer[name];
    if (value === Reflect.get(source, name)) continue;
    if (fixed.some((field) => field === name)) return `"${name}" was changed, expected it as it was`;
    const expected = problemOf(value, kind);
    if (expected !== undefined) return `"${name}" is ${kindOf(value)}, expected ${expected}`;
  }
  // Every field has been checked.
  return answer as unknown as FlatMessage;
}

/** What was expected; undefined when the value is that. */
function problemOf(value: unknown, kind: (typeof fields)[keyof FlatMessage] | Scalar): string | undefined {
  if (typeof kind === 'string') return fits(value, kind) ? undefined : words[kind];
  if (!Array.isArray(value)) return 'a list';
  for (const [name, part] of Object.entries(kind)) {
    const wrong: unknown = value.find((element: unknown) => !isRecord(element) || !fits(element[name], part));
    if (wrong !== undefined) return `a list in which "${name}" is ${words[part]}`;
  }
  return value.every(isRecord) ? undefined : 'a list of objects';
}

const words = {
  string: 'text',
  'string?': 'text or null',
  date: 'a valid Date',
  'date?': 'a valid Date or null',
  int: 'a whole number',
  'int?': 'a whole number or null',
  boolean: 'true or false',
  'boolean?': 'true, false or null',
  json: 'JSON',
  strings: 'a list of text',
  names: 'a list of text and nulls',
} as const;

function fits(value: unknown, kind: keyof typeof words): boolean {
  switch (kind) {
    case 'string?':
    case 'date?':
    case 'int?':
    case 'boolean?':
      return value === null || fits(value, nonNull[kind]);
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'int':
      return Number.isSafeInteger(value);
    case 'date':
      return value instanceof Date && !Number.isNaN(value.getTime());
    case 'strings':
      return Array.isArray(value) && value.every((element) => typeof element === 'string');
    case 'names':
      return Array.isArray(value) && value.every((element) => element === null || typeof element === 'string');
    case 'json':
      return isJson(value);
  }
}

const nonNull = { 'string?': 'string', 'date?': 'date', 'int?': 'int', 'boolean?': 'boolean' } as const;

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (value instanceof ExactNumber) return true;
  if (Array.isArray(value)) return value.every(isJson);
  return (
    isRecord(value) &&
    !(value instanceof Date) &&
    Object.values(value).every((part) => part === undefined || isJson(part))
  );
}
