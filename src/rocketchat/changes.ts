import { RoomError } from '../errors.ts';
import { isRecord, parseDateMs, parseMessage, type Message } from './message.ts';

/** A message as it is now, or the end of one. `atMs`: when it changed, in epoch milliseconds of the server's clock. */
export type Change =
  | { readonly kind: 'updated'; readonly id: string; readonly atMs: number; readonly message: Message }
  | { readonly kind: 'deleted'; readonly id: string; readonly atMs: number };

/** An answer of chat.syncMessages: deletions first, each list in the server's order, which is not that of `atMs`. */
export interface ChangePage {
  readonly changes: readonly Change[];
  /** Whether the server says that the list goes on. */
  readonly hasMore: boolean;
}

/** Names one version of a message, or its deletion, across requests and runs. */
export function changeKey({ kind, id, atMs }: Pick<Change, 'kind' | 'id' | 'atMs'>): string {
  return `${id}@${kind === 'deleted' ? 'deleted:' : ''}${atMs}`;
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
 * @throws RoomError (`wire`) for anything else: what cannot be read must not pass for "nothing changed"
 */
export function parseChanges(value: Readonly<Record<string, unknown>>): ChangePage {
  const result = value['result'];
  if (!isRecord(result)) throw malformed('without "result"');
  const { updated, deleted, cursor } = result;
  if (!Array.isArray(updated) || !Array.isArray(deleted)) {
    throw malformed('without "updated" and "deleted"');
  }
  return {
    changes: [...deleted.map(parseDeletion), ...updated.map(parseUpdate)],
    hasMore: isRecord(cursor) && typeof cursor['next'] === 'string',
  };
}

function parseUpdate(raw: unknown): Change {
  const message = parseMessage(raw);
  const atMs = parseDateMs(message.raw['_updatedAt']);
  if (atMs === undefined) throw malformed(`with message "${message.id}" without a date in "_updatedAt"`);
  return { kind: 'updated', id: message.id, atMs, message };
}

function parseDeletion(raw: unknown): Change {
  const [id, atMs] = isRecord(raw) ? [raw['_id'], parseDateMs(raw['_deletedAt'])] : [];
  if (typeof id !== 'string' || atMs === undefined) throw malformed('with a deletion without "_id" and "_deletedAt"');
  return { kind: 'deleted', id, atMs };
}

function malformed(how: string): RoomError {
  return new RoomError('wire', `Cannot read changes: chat.syncMessages answered ${how}`, {
    hint: 'Something between here and the server changes its answers, or the server is no Rocket.Chat',
  });
}
