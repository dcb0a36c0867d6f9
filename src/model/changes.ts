import { RoomError } from '../errors.ts';
import type { JsonObject, JsonValue } from './json/json-value.ts';
import { isArray } from './json/is-array.ts';
import { isRecord } from './json/is-record.ts';
import { parseDateMs, parseMessage, type Message } from './message.ts';

/** A message as it is now, or the end of one. `atMs`: when it changed, in epoch milliseconds of the server's clock. */
export type Change =
  | { readonly kind: 'updated'; readonly id: string; readonly atMs: number; readonly message: Message }
  | { readonly kind: 'deleted'; readonly id: string; readonly atMs: number };

/** A changed message that cannot be read, or a stretch of them. */
export interface UnreadableChange {
  /** Stable word for the manifest: `bad-message`, or that of the answers that no page around it can be read by. */
  readonly reason: string;
  /** Empty when it has none, or when that is unknown. */
  readonly id: string;
  /** When it changed; of a stretch, when the last change before it happened. */
  readonly atMs: number;
  /** When the first change behind a stretch happened. */
  readonly untilMs: number;
  /** Why, a sentence. */
  readonly problem: string;
}

/** An answer of chat.syncMessages: deletions first, each list in the server's order, which is not that of `atMs`. */
export interface ChangePage {
  readonly changes: readonly Change[];
  readonly unreadable: readonly UnreadableChange[];
  /** Whether the server says that the list goes on. */
  readonly hasMore: boolean;
}

/** Names one version of a message, or its deletion, across requests and runs. */
export function changeKey({ kind, id, atMs }: Pick<Change, 'kind' | 'id' | 'atMs'>): string {
  return `${id}@${kind === 'deleted' ? 'deleted:' : ''}${atMs}`;
}

/** The same for one that cannot be read. */
export function unreadableKey({ id, atMs }: Pick<UnreadableChange, 'id' | 'atMs'>): string {
  return `${id}@unreadable:${atMs}`;
}

/** Whether a key names a deletion. */
export function isDeletionKey(key: string): boolean {
  return /@deleted:\d+$/.test(key);
}

/** When the change that a key names happened. */
export function changeKeyMs(key: string): number {
  return Number(/(\d+)$/.exec(key)?.[1]);
}

/**
 * Reads an answer of chat.syncMessages, `{result: {updated, deleted, cursor?}}`: with `lastUpdate` both lists and no
 * cursor, with `type` one of them, the other empty, and a cursor whose `next` is null at the end.
 * Source: apps/meteor/server/publications/messages.ts
 *
 * A message that cannot be read (bots may store anything as its `ts`) costs itself only, as long as it says when it
 * changed, which the walk goes by.
 *
 * @throws RoomError (`wire`) for anything else: what cannot be read must not pass for "nothing changed"
 */
export function parseChanges(value: JsonObject): ChangePage {
  const result = value['result'];
  if (!isRecord(result)) throw malformed('without "result"');
  const { updated, deleted, cursor } = result;
  if (!isArray(updated) || !isArray(deleted)) {
    throw malformed('without "updated" and "deleted"');
  }
  const updates = updated.map(parseUpdate);
  return {
    changes: [...deleted.map(parseDeletion), ...updates.flatMap((one) => ('problem' in one ? [] : [one]))],
    unreadable: updates.flatMap((one) => ('problem' in one ? [one] : [])),
    hasMore: isRecord(cursor) && typeof cursor['next'] === 'string',
  };
}

function parseUpdate(raw: JsonValue): Change | UnreadableChange {
  const { _id: id, _updatedAt: updatedAt } = isRecord(raw) ? raw : {};
  const atMs = parseDateMs(updatedAt);
  if (atMs === undefined) {
    throw malformed(`with ${typeof id === 'string' ? `message "${id}"` : 'a message'} without a date in "_updatedAt"`);
  }
  try {
    const message = parseMessage(raw);
    return { kind: 'updated', id: message.id, atMs, message };
  } catch (error) {
    if (!(error instanceof RoomError)) throw error;
    return { reason: 'bad-message', id: typeof id === 'string' ? id : '', atMs, untilMs: atMs, problem: error.message };
  }
}

function parseDeletion(raw: JsonValue): Change {
  const [id, atMs] = isRecord(raw) ? [raw['_id'], parseDateMs(raw['_deletedAt'])] : [];
  if (typeof id !== 'string' || atMs === undefined) throw malformed('with a deletion without "_id" and "_deletedAt"');
  return { kind: 'deleted', id, atMs };
}

function malformed(how: string): RoomError {
  return new RoomError('wire', `Cannot read changes: chat.syncMessages responded ${how}`, {
    hint: 'Something between here and the server changes its responses, or the server is no Rocket.Chat',
  });
}
