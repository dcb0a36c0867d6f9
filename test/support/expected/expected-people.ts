import type { Workspace, WorkspaceUser } from '../../../src/demo/workspace/workspace.ts';
import type { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';
import type { ExpectedMessage, ExpectedRow } from './expected-rows.ts';

/** Run 1 of the table of users: every account, and who sent one of these messages without one, as the newest shows them. */
export function expectedUserRows(workspace: Workspace, messages: readonly ExpectedMessage[]): readonly ExpectedRow[] {
  const accounts = workspace.users.map((user) => ({
    ...{ user_id: user.id, username: user.username, name: user.name, roles: user.roles, type: user.type ?? 'user' },
    ...{ is_bot: user.type === 'bot', active: user.active ?? true, utc_offset_minutes: (user.utcOffset ?? 0) * 60 },
    ...{ source: 'list', op: 'upsert', run: 1 },
  }));
  const known = new Set(accounts.map(({ user_id: id }) => id));
  const senders = new Map<string, ExpectedMessage>();
  for (const message of messages) {
    const { user_id: id } = message.row;
    if (typeof id !== 'string' || id === '' || known.has(id)) continue;
    if ((senders.get(id)?.tsMs ?? -Infinity) <= message.tsMs) senders.set(id, message);
  }
  const others = [...senders].map(([id, { row }]) => ({
    ...{ user_id: id, username: row['username'] ?? null, name: row['user_name'] ?? null, roles: null, type: null },
    ...{ is_bot: null, active: null, utc_offset_minutes: null, source: 'message', op: 'upsert', run: 1 },
  }));
  return [...accounts, ...others].sort((a, b) => (a.user_id < b.user_id ? -1 : 1));
}

/**
 * Run 1 of the table of members of these rooms, in their order. Before 7.3 the lists of groups and channels show no roles,
 * and that of an archived group is refused.
 */
export function expectedMemberRows(
  rooms: readonly WorkspaceRoom[],
  workspace: Workspace,
  showsRoles: boolean,
): readonly ExpectedRow[] {
  return rooms
    .filter(({ type, archived }) => type !== 'l' && (showsRoles || type !== 'p' || !archived))
    .flatMap((room) => activeIn(room, workspace).map((user) => memberRow(room, user, showsRoles || room.type === 'd')));
}

function activeIn({ memberIds }: WorkspaceRoom, workspace: Workspace): readonly WorkspaceUser[] {
  return workspace.users
    .filter(({ id, active }) => memberIds.has(id) && active !== false)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function memberRow(room: WorkspaceRoom, { id, username, name }: WorkspaceUser, isShown: boolean): ExpectedRow {
  return {
    ...{ room_id: room.id, user_id: id, username, name },
    ...{ roles: isShown ? (room.memberRoles.get(id) ?? []) : null, joined_at: isShown ? room.createdAtMs : null },
    ...{ first_run: 1, last_run: 1, op: 'upsert', run: 1 },
  };
}
