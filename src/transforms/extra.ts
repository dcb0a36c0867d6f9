import type { RawMessage } from '../model/message.ts';
import type { JsonObject, JsonValue } from '../model/json/json-value.ts';
import { unreadChannel } from './channels.ts';
import { unreadMention } from './mentions.ts';
import { systemValueField } from './system-message.ts';
import { allBut, allRead, ofEach, ofEachValue, unusualDate, type Unread } from './unread.ts';

function named(names: readonly string[], unread: Unread): readonly (readonly [string, Unread])[] {
  return names.map((name) => [name, unread] as const);
}

/** Top-level fields that columns are read from. */
const readFields: ReadonlyMap<string, Unread> = new Map([
  ...named(['_id', 'rid', 'alias', 't', 'msg', 'md', 'tmid', 'tshow', 'tcount', 'replies', 'drid', 'dcount'], allRead),
  ...named(['pinned', 'e2e', 'customFields', 'translations', 'content', 'e2eMentions', 'location'], allRead),
  ...named(['token', 'navigation', 'transferData', 'requestData', 'slaData', 'priorityData'], allRead),
  ...named(['ts', '_updatedAt', 'tlm', 'dlm', 'editedAt', 'pinnedAt'], unusualDate),
  ['u', allBut('_id', 'username', 'name')],
  ['editedBy', allBut('_id', 'username')],
  ['pinnedBy', allBut('username')],
  ['starred', ofEach(allBut('_id'))],
  ['mentions', ofEach(unreadMention)],
  ['channels', ofEach(unreadChannel)],
  ['reactions', ofEachValue(allBut('usernames', 'names'))],
  ['urls', ofEach(allBut('url'))],
  ['bot', allBut('i')],
  // Which importer or bridge: the column says only that there was one.
  ['imported', (value) => (typeof value === 'string' ? value : undefined)],
]);

/**
 * Everything of a message that no column takes, by top-level field: fields without a column and fields with a value of a
 * wrong type whole, of the others what is left of them. null when there is nothing.
 *
 * @param leftOver of `attachments`, `files` and `file`, which are read together
 */
export function readExtra(
  raw: RawMessage,
  {
    type,
    bad,
    leftOver,
  }: {
    readonly type: string | null;
    readonly bad: readonly string[];
    readonly leftOver: JsonObject;
  },
): JsonValue {
  const valueField = systemValueField(type);
  let entries: [string, JsonValue][] | undefined;
  for (const key of Object.keys(raw)) {
    const value = raw[key];
    if (value === undefined) continue;
    let kept: JsonValue | undefined = value;
    if (!bad.includes(key)) {
      const unread = readFields.get(key);
      if (unread !== undefined) kept = unread(value);
      else if (key === 'attachments' || key === 'files' || key === 'file') kept = leftOver[key];
      else if (key === valueField) continue;
      if (kept === undefined) continue;
    }
    (entries ??= []).push([key, kept]);
  }
  // Not by assignment: a field named "__proto__" would vanish.
  return entries === undefined ? null : Object.fromEntries(entries);
}
