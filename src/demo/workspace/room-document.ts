import type { Workspace, WorkspaceUser } from './workspace.ts';
import type { WorkspaceRoom } from './workspace-room.ts';

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** A room as rooms.get, groups.list and rooms.info show it. `msgs` is a counter that deletions do not always lower. */
export function roomDocument(room: WorkspaceRoom): Readonly<Record<string, unknown>> {
  const last = room.lastMessage;
  const title = room.title ?? room.name;
  return {
    _id: room.id,
    t: room.type,
    ...(room.type === 'd'
      ? { usernames: room.name.split(','), uids: [...room.memberIds] }
      : // A livechat room has its visitor's name, and no slug. Source: core-typings, IRoom.ts (IOmnichannelRoom)
        { ...(room.type === 'l' ? {} : { name: room.name }), fname: title }),
    usersCount: room.memberIds.size,
    msgs: room.messages.length - room.hiddenCount,
    ts: iso(room.createdAtMs),
    ro: false,
    sysMes: true,
    default: false,
    ...(room.parentId === null ? {} : { prid: room.parentId }),
    ...(room.archived ? { archived: true } : {}),
    ...room.fields,
    _updatedAt: iso(room.updatedAtMs),
    ...(last === undefined ? {} : { lastMessage: last.document(), lm: iso(last.tsMs) }),
  };
}

/**
 * A row of subscriptions.get. `userMentions` counts unread mentions only: a user who reads along has none. A direct
 * room goes by the other people's names.
 */
export function subscriptionDocument(
  room: WorkspaceRoom,
  user: WorkspaceUser,
  workspace: Workspace,
): Readonly<Record<string, unknown>> {
  const others = [...room.memberIds].flatMap((id) =>
    id === user.id ? [] : (workspace.findUser((someone) => someone.id === id) ?? []),
  );
  const names =
    room.type === 'd'
      ? {
          name: others.map(({ username }) => username).join(','),
          fname: others.map(({ name }) => name).join(', '),
        }
      : { name: room.name, fname: room.title ?? room.name };
  return {
    _id: `${room.id.slice(0, 8)}${user.id.slice(0, 9)}`,
    rid: room.id,
    t: room.type,
    ...names,
    u: { _id: user.id, username: user.username, name: user.name },
    ...(room.withheld.has(user.id) ? { status: room.withheld.get(user.id) } : {}),
    open: true,
    alert: false,
    unread: 0,
    userMentions: 0,
    groupMentions: 0,
    ts: iso(room.createdAtMs),
    ls: iso(room.updatedAtMs),
    ...(room.parentId === null ? {} : { prid: room.parentId }),
    ...(room.archived ? { archived: true } : {}),
    _updatedAt: iso(room.updatedAtMs),
  };
}
