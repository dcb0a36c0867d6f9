import type { UserCall } from './endpoint.ts';
import type { WorkspaceRoom } from '../workspace/workspace-room.ts';

/**
 * Whether the user of a call may read a room: a public channel with view-c-room, joined or not; any other with a
 * subscription; a discussion also with access to its parent. An invitation or a ban is a subscription that refuses.
 *
 * Source: server/services/authorization/canAccessRoom.ts. Livechat rooms are taken for open to their agents alone
 * (canAccessRoomLivechat.ts asks more: departments, units, the queue).
 */
export function canRead(call: Pick<UserCall, 'workspace' | 'user' | 'rules'>, room: WorkspaceRoom): boolean {
  const { workspace, user, rules } = call;
  if (room.withheld.has(user.id)) return false;
  if (room.memberIds.has(user.id)) return true;
  if (room.type === 'c' && !rules.deniedPermissions.includes('view-c-room')) return true;
  const parent = room.parentId === null ? undefined : workspace.room(room.parentId);
  return parent !== undefined && canRead(call, parent);
}
