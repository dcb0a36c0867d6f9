import type { JsonValue } from '../../model/json/json-value.ts';
import { ExactNumber } from '../../model/json/exact-number.ts';
import { isArray } from '../../model/json/is-array.ts';
import { isRecord } from '../../model/json/is-record.ts';
import { kindOf } from '../../plugins/create-from-plugin.ts';
import type { FlatMessage } from '../../model/flat-message.ts';

/** What a value of each kind is; `?` may be null. */
interface Kinds {
  readonly string: string;
  readonly 'string?': string | null;
  readonly date: Date;
  readonly 'date?': Date | null;
  readonly int: number;
  readonly 'int?': number | null;
  readonly boolean: boolean;
  readonly 'boolean?': boolean | null;
  readonly json: JsonValue;
  readonly strings: readonly string[];
  readonly names: readonly (string | null)[];
}

/** The kinds, or the words, whose values are all of a type. */
type KindFor<Type> =
  | { [Kind in keyof Kinds]: Kinds[Kind] extends Type ? Kind : never }[keyof Kinds]
  | (string extends Type ? never : [Type] extends [string] ? readonly Type[] : never);

/** Of a list of records also what is in each. `same`: a step may not change it. */
type FieldKind<Type> =
  | 'same'
  | KindFor<Type>
  | ([Type] extends [readonly (infer Element extends object)[]]
      ? { readonly [Name in keyof Element]: KindFor<Element[Name]> }
      : never);

/**
 * Of every field that columns are read from, its kind. `same` is what says which message a row is of, in which run: a step that
 * changes it breaks what the manifest proves.
 */
const fields = {
  id: 'same',
  ts: 'date',
  roomId: 'string',
  roomName: 'string',
  roomTitle: 'string',
  roomType: 'string',
  run: 'same',
  op: 'same',
  deletedAt: 'same',
  versionOf: 'same',
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
  mentions: { id: 'string?', username: 'string?', name: 'string?', type: ['user', 'team', 'all', 'here'] },
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
    kind: ['image', 'audio', 'video', 'file', 'removed', 'quote', 'rich'],
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
  raw: 'same',
  badFields: 'strings',
} as const satisfies { readonly [Name in keyof FlatMessage]: FieldKind<FlatMessage[Name]> };

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
    if (kind === 'same') return `"${name}" was changed, expected it as it was`;
    const expected = problemOf(value, kind);
    if (expected !== undefined) return `"${name}" is ${kindOf(value)}, expected ${expected}`;
  }
  // Every field of `fields` has been looked at, which are all of a message, each of a kind that its type says.
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
  return answer as unknown as FlatMessage;
}

type Scalar = keyof Kinds | readonly string[];

/** What was expected; undefined when the value is that. */
function problemOf(value: unknown, kind: Scalar | Readonly<Record<string, Scalar>>): string | undefined {
  if (isScalar(kind)) return fits(value, kind) ? undefined : expectation(kind);
  if (!isArray(value)) return 'a list';
  if (!value.every((element) => isRecord(element))) return 'a list of objects';
  for (const [name, part] of Object.entries(kind)) {
    if (!value.every((element) => fits(element[name], part)))
      return `a list in which "${name}" is ${expectation(part)}`;
  }
  return undefined;
}

function isScalar(kind: Scalar | Readonly<Record<string, Scalar>>): kind is Scalar {
  return typeof kind === 'string' || isArray(kind);
}

function expectation(kind: Scalar): string {
  return typeof kind === 'string' ? words[kind] : `one of ${kind.join(', ')}`;
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
} as const satisfies Readonly<Record<keyof Kinds, string>>;

function fits(value: unknown, kind: Scalar): boolean {
  if (typeof kind !== 'string') return kind.some((word) => word === value);
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
      return isArray(value) && value.every((element) => typeof element === 'string');
    case 'names':
      return isArray(value) && value.every((element) => element === null || typeof element === 'string');
    case 'json':
      return isJson(value);
  }
}

const nonNull = { 'string?': 'string', 'date?': 'date', 'int?': 'int', 'boolean?': 'boolean' } as const;

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (value instanceof ExactNumber) return true;
  if (isArray(value)) return value.every(isJson);
  return (
    isRecord(value) &&
    !(value instanceof Date) &&
    Object.values(value).every((part) => part === undefined || isJson(part))
  );
}
