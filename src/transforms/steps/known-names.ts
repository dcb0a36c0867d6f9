import { isRecord } from '../../model/json/is-record.ts';
import type { FlatMessage } from '../../model/flat-message.ts';

/** `@all` and `@here` are nobody. */
export const nobody: ReadonlySet<string> = new Set(['all', 'here']);

/** Imports nest attachments without a limit; what is deeper than any client shows is in no column either. */
const depthCap = 40;

/**
 * Every id, username and name of a user that a message carries, wherever the server put it: the sender, mentions,
 * reactions, who edited, pinned, starred, the authors of quotes.
 */
export function knownNames(message: FlatMessage): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (value: unknown): void => {
    if (typeof value === 'string' && value !== '' && !nobody.has(value)) names.add(value);
  };
  [message.userId, message.username, message.userName, message.alias].forEach(add);
  [message.editedById, message.editedByUsername, message.pinnedByUsername, ...message.starredByIds].forEach(add);
  [message.systemActorId, message.systemActorUsername, message.systemTarget, ...message.threadFollowerIds].forEach(add);
  for (const { id, username, name } of message.mentions) [id, username, name].forEach(add);
  for (const { usernames, names: real } of message.reactions) [...usernames, ...real].forEach(add);
  addFromRaw(message.raw, 0, add);
  return names;
}

function addFromRaw(value: unknown, depth: number, add: (value: unknown) => void): void {
  if (depth > depthCap || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const element of value) addFromRaw(element, depth + 1, add);
    return;
  }
  if (!isRecord(value)) return;
  const isUser = 'username' in value;
  for (const [key, part] of Object.entries(value)) {
    // The text's tree and the previews of links hold no users.
    if (depth === 0 && (key === 'md' || key === 'urls')) continue;
    if (key === 'username' || key === 'author_name') add(part);
    else if (isUser && (key === '_id' || key === 'name' || key === 'fname')) add(part);
    else if ((key === 'usernames' || key === 'names' || key === 'replies') && Array.isArray(part)) part.forEach(add);
    else addFromRaw(part, depth + 1, add);
  }
}
