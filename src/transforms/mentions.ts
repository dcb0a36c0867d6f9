import type { JsonObject, JsonValue } from '../model/json/json-value.ts';
import { isRecord } from '../model/json/is-record.ts';
import type { FlatMention } from '../model/flat-message.ts';
import type { BadFields } from './field-readers.ts';
import { markBad, none, readRecords, readString } from './field-readers.ts';
import { without } from './unread.ts';

/**
 * Everyone a message mentions, in the server's order. `@all` and `@here` come as `{_id: 'all', username: 'all'}` without
 * a type, teams as `{type: 'team', _id, name}` without a username, and users of older servers without a type.
 */
export function readMentions(value: JsonValue | undefined, bad: BadFields): readonly FlatMention[] {
  const mentions = readRecords(value, 'mentions', bad);
  if (mentions.length === 0) return none;
  return mentions.map((mention) => {
    const id = readString(mention['_id'], 'mentions', bad);
    return {
      id,
      username: readString(mention['username'], 'mentions', bad),
      name: readString(shownName(mention), 'mentions', bad),
      type: mentionType(mention['type'], id, bad),
    };
  });
}

/** Of a team its title, where it has one; some users carry only `fname`. */
function shownName({ type, name, fname }: JsonObject): JsonValue | undefined {
  return type === 'team' ? (fname ?? name) : (name ?? fname);
}

const read: ReadonlySet<string> = new Set(['_id', 'type', 'username']);

export function unreadMention(mention: JsonValue | undefined): JsonValue | undefined {
  if (!isRecord(mention)) return undefined;
  const shown = shownName(mention);
  return without(mention, (key, value) => {
    return read.has(key) || ((key === 'name' || key === 'fname') && (value === shown || value === null));
  });
}

function mentionType(value: unknown, id: string | null, bad: BadFields): FlatMention['type'] {
  if (value === 'team') return 'team';
  if (value !== 'user' && value !== undefined && value !== null) markBad('mentions', bad);
  return id === 'all' || id === 'here' ? id : 'user';
}
