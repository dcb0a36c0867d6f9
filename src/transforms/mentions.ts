import type { FlatMention } from '../tables/flat-message.ts';
import type { BadFields } from './field-readers.ts';
import { markBad, none, readRecords, readString } from './field-readers.ts';

/**
 * Everyone a message mentions, in the server's order. `@all` and `@here` come as `{_id: 'all', username: 'all'}` without
 * a type, teams as `{type: 'team', _id, name}` without a username, and users of older servers without a type.
 */
export function readMentions(value: unknown, bad: BadFields): readonly FlatMention[] {
  const mentions = readRecords(value, 'mentions', bad);
  if (mentions.length === 0) return none;
  return mentions.map((mention) => {
    const id = readString(mention['_id'], 'mentions', bad);
    return {
      id,
      username: readString(mention['username'], 'mentions', bad),
      // Some carry only the full name (`fname`).
      name: readString(mention['name'] ?? mention['fname'], 'mentions', bad),
      type: mentionType(mention['type'], id, bad),
    };
  });
}

function mentionType(value: unknown, id: string | null, bad: BadFields): FlatMention['type'] {
  if (value === 'team') return 'team';
  if (value !== 'user' && value !== undefined && value !== null) markBad('mentions', bad);
  return id === 'all' || id === 'here' ? id : 'user';
}
