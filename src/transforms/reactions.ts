import type { JsonObject, JsonValue } from '../model/json/json-value.ts';
import type { FlatReaction } from '../model/flat-message.ts';
import type { BadFields } from './field-readers.ts';
import { markBad, none, readList, readRecord } from './field-readers.ts';

/**
 * Reactions in the server's order, from `{":tada:": {usernames: [...], names?: [...]}}`. `count` is the number of
 * usernames that could be read; `names` is kept only when it runs parallel to them.
 */
export function readReactions(value: JsonValue | undefined, bad: BadFields): readonly FlatReaction[] {
  const reactions = readRecord(value, 'reactions', bad);
  if (reactions === null) return none;
  const emojis = Object.keys(reactions);
  if (emojis.length === 0) return none;
  const flat: FlatReaction[] = [];
  for (const emoji of emojis) {
    const reaction = readRecord(reactions[emoji], 'reactions', bad);
    if (reaction === null) {
      markBad('reactions', bad);
      continue;
    }
    flat.push(readReaction(emoji, reaction, bad));
  }
  return flat;
}

function readReaction(emoji: string, reaction: JsonObject, bad: BadFields): FlatReaction {
  const users = readList(reaction['usernames'], 'reactions', bad);
  const realNames = readList(reaction['names'], 'reactions', bad);
  const parallel = realNames.length === users.length;
  if (!parallel && realNames.length > 0) markBad('reactions', bad);
  const usernames: string[] = [];
  const names: (string | null)[] = [];
  for (let i = 0; i < users.length; i++) {
    const username = users[i];
    if (typeof username !== 'string') {
      markBad('reactions', bad);
      continue;
    }
    usernames.push(username);
    if (parallel) names.push(readName(realNames[i], bad));
  }
  return { emoji, count: usernames.length, usernames, names };
}

/** A user without a real name stands as null among the others' names. */
function readName(value: unknown, bad: BadFields): string | null {
  if (typeof value === 'string') return value;
  if (value !== null) markBad('reactions', bad);
  return null;
}
