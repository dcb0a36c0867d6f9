import { isRecord } from '../../model/json/is-record.ts';

const subscriptionKeys = ['rid', 't', 'prid', 'name', 'fname', 'archived', 'status'] as const;

const roomKeys = [
  ...(['_id', 't', 'prid', 'name', 'fname', 'usernames', 'archived', 'sysMes', 'msgs', 'lm', '_updatedAt'] as const),
  ...(['lastMessage', 'topic', 'description', 'u', 'ts', 'usersCount', 'ro', 'teamId'] as const),
] as const;

/** What a run needs to know of a row of subscriptions.get. */
export type SubscriptionRow = Picked<(typeof subscriptionKeys)[number]>;

/** What it needs to know of a row of a list of rooms; of `lastMessage` and of the owner `u` that is the ids and the date. */
export type RoomRow = Picked<(typeof roomKeys)[number]>;

type Picked<Key extends string> = Readonly<Partial<Record<Key, unknown>>>;

/**
 * Lets go of the rest of each row as soon as its list is there: a row has some kilobytes, with the last message as a whole, of
 * which a run needs some two hundred bytes, and the other list comes beside it. What is no object is left out.
 */
export function subscriptionRows(rows: readonly unknown[]): readonly SubscriptionRow[] {
  return rows.filter(isRecord).map((row) => picked(row, subscriptionKeys));
}

/** The same of the rows of a list of rooms. */
export function roomRows(rows: readonly unknown[]): readonly RoomRow[] {
  return rows.filter(isRecord).map((row) => {
    const room = picked(row, roomKeys);
    const { lastMessage, u } = room;
    return {
      ...room,
      ...(isRecord(lastMessage) && { lastMessage: picked(lastMessage, ['_id', '_updatedAt']) }),
      ...(isRecord(u) && { u: picked(u, ['_id']) }),
    };
  });
}

function picked<Key extends string>(row: Readonly<Record<string, unknown>>, keys: readonly Key[]): Picked<Key> {
  const kept: Partial<Record<Key, unknown>> = {};
  for (const key of keys) if (Object.hasOwn(row, key)) kept[key] = row[key];
  return kept;
}
