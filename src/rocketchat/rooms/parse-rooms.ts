import { compareText } from '../../model/text/compare-text.ts';
import { isRecord } from '../../model/json/is-record.ts';
import { parseDateMs } from '../../model/message.ts';
import type { RocketChat } from '../../model/rocketchat.ts';
import type { RoomRow, SubscriptionRow } from './list-rows.ts';
import { roomTypes, type Room, type RoomDetails, type RoomType } from '../../model/room.ts';

/**
 * Joins the rows of subscriptions.get (`rid`) and rooms.get or groups.list (`_id`) to rooms, sorted by name then id (by
 * code unit: the same everywhere). Rows without an id or of a type unknown here are no rooms to read.
 */
export function parseRooms(
  subscriptions: readonly SubscriptionRow[],
  rooms: readonly RoomRow[],
  user: RocketChat['user'],
): readonly Room[] {
  const byId = new Map<string, { subscription: SubscriptionRow; room: RoomRow }>();
  for (const room of rooms) {
    const id = text(room['_id']);
    if (id !== undefined) byId.set(id, { subscription: {}, room });
  }
  for (const subscription of subscriptions) {
    const id = text(subscription['rid']);
    if (id !== undefined) byId.set(id, { subscription, room: byId.get(id)?.room ?? {} });
  }
  return [...byId]
    .map(([id, { subscription, room }]) => parseRoom(id, subscription, room, user))
    .filter((room) => room !== undefined)
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id));
}

function parseRoom(
  id: string,
  subscription: SubscriptionRow,
  room: RoomRow,
  user: RocketChat['user'],
): Room | undefined {
  const type = roomType(room['t'] ?? subscription['t']);
  if (type === undefined) return undefined;
  const parentId = text(room['prid']) ?? text(subscription['prid']) ?? null;
  const shown = text(room['fname']) ?? text(subscription['fname']);
  const slug = text(room['name']) ?? text(subscription['name']);
  let name = slug ?? shown;
  // The name of a discussion is random letters that nobody sees; its title is the fname.
  if (parentId !== null) name = shown ?? slug;
  if (type === 'direct') name = otherPeople(room['usernames'], user.username) ?? text(subscription['name']) ?? shown;
  return {
    id,
    name: name ?? id,
    ...(shown === undefined || shown === (name ?? id) ? {} : { displayName: shown }),
    type,
    archived: room['archived'] === true || subscription['archived'] === true,
    ...withheldBy(subscription['status']),
    ...hiddenTypes(room['sysMes']),
    parentId,
    messageCount: typeof room['msgs'] === 'number' ? room['msgs'] : null,
    lastMessageAtMs: parseDateMs(room['lm']) ?? null,
    updatedAtMs: parseDateMs(room['_updatedAt']) ?? null,
    changeMark: changeMark(room),
    ...roomDetails(room),
  };
}

function roomDetails(room: RoomRow): Pick<Room, 'details'> {
  const { u: owner, usersCount, ro } = room;
  const details: RoomDetails = {
    topic: text(room['topic']) ?? null,
    description: text(room['description']) ?? null,
    ownerId: (isRecord(owner) ? text(owner['_id']) : undefined) ?? null,
    createdAtMs: parseDateMs(room['ts']) ?? null,
    membersCount: typeof usersCount === 'number' && Number.isSafeInteger(usersCount) ? usersCount : null,
    readOnly: typeof ro === 'boolean' ? ro : null,
    teamId: text(room['teamId']) ?? null,
  };
  return Object.values(details).some((value) => value !== null) ? { details } : {};
}

/** `lastMessage` is shown where the workspace keeps it (Store_Last_Message). */
function changeMark(room: RoomRow): string | null {
  const { _updatedAt: updatedAt, lm, msgs, archived, lastMessage } = room;
  if (parseDateMs(updatedAt) === undefined || typeof msgs !== 'number') return null;
  const last = isRecord(lastMessage) ? [lastMessage['_id'], lastMessage['_updatedAt']] : [];
  return JSON.stringify([updatedAt, lm, msgs, archived === true, ...last]);
}

/** A direct room with oneself is named after oneself. */
function otherPeople(usernames: unknown, self: string): string | undefined {
  if (!Array.isArray(usernames)) return undefined;
  const all = [...new Set(usernames.filter((username) => typeof username === 'string'))];
  const others = all.filter((username) => username !== self);
  return text((others.length === 0 ? all : others).sort(compareText).join(', '));
}

function withheldBy(status: unknown): Pick<Room, 'withheld'> {
  switch (status) {
    case 'INVITED':
      return { withheld: 'invited' };
    case 'BANNED':
      return { withheld: 'banned' };
    default:
      return {};
  }
}

/** true: nobody has made a list of the room's own. Source: app/lib/server/lib/getHiddenSystemMessages.ts */
function hiddenTypes(sysMes: unknown): Pick<Room, 'hiddenTypes'> {
  return Array.isArray(sysMes) ? { hiddenTypes: sysMes.filter((type) => typeof type === 'string') } : {};
}

function roomType(t: unknown): RoomType | undefined {
  switch (t) {
    case 'p':
    case 'c':
    case 'd':
    case 'l':
    case 'v':
      return roomTypes[t];
    default:
      return undefined;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
