import { canRead } from '../can-read.ts';
import type { Endpoint, UserCall } from '../endpoint.ts';
import { readPaging } from '../paging.ts';
import { text } from '../params.ts';
import type { Param, QuerySchema } from '../query-schema.ts';
import { Refusal, failure, jsonReply, meteorError, success, type Reply } from '../reply.ts';
import { atLeast } from '../version.ts';
import type { WorkspaceRoom } from '../../workspace/workspace-room.ts';
import type { WorkspaceUser } from '../../workspace/workspace.ts';
import { findChannel, findDirectRoom, findGroup } from './room-lookup.ts';
import { findRoom } from './rooms.ts';

const string: Param = { type: 'string' };
const number: Param = { type: 'number' };

const ofRoom: QuerySchema = {
  kind: 'one-required',
  oneOf: ['roomId', 'roomName'],
  properties: { roomId: string, roomName: string, filter: string, count: number, offset: number, sort: string },
};

/** The members of groups have no sort. Source: rest-typings GroupsMembersProps */
const ofGroup: QuerySchema = {
  ...ofRoom,
  properties: { roomId: string, roomName: string, filter: string, count: number, offset: number },
};

/**
 * The active members of a group or channel, archived ones, too, with their roles: owners first, then moderators.
 *
 * Source: app/api/server/v1/rooms.ts, server/lib/findUsersOfRoomOrderedByRole.ts, CHANGELOG (7.3.0, PR #34153)
 */
export const membersOrderedByRole: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: () => ({ typed: true, query: ofRoom }),
  answer: (call) => {
    const { workspace, params, rules } = call;
    if (!atLeast(rules.version, '7.3')) {
      throw new Refusal(jsonReply(404, { status: 'error', message: 'API endpoint does not exist' }));
    }
    const room = findRoom(workspace, text(params, 'roomId'), text(params, 'roomName'));
    if (room === undefined) {
      throw meteorError(
        'error-room-not-found',
        'The required "roomId" or "roomName" param provided does not match any channel',
      );
    }
    if (!canRead(call, room)) {
      const error = 'The required "roomId" or "roomName" param provided does not match any room';
      throw new Refusal(jsonReply(404, { success: false, error }));
    }
    if (room.type !== 'c' && room.type !== 'p') throw failure('error-room-type-not-supported');
    expectMemberList(call, room);
    const members = activeMembers(call, room)
      .map((user) => ({ user, roles: room.memberRoles.get(user.id) ?? [] }))
      .sort((a, b) => priorityOf(a.roles) - priorityOf(b.roles))
      .map(({ user, roles }) => ({
        ...memberDocument(user),
        ...(roles.length > 0 && { roles }),
        subscription: subscriptionOf(room, user),
      }));
    return page(call, members);
  },
};

/** Without archived groups, and without roles. Source: app/api/server/v1/groups.ts, server/lib/findUsersOfRoom.ts */
export const groupsMembers: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: () => ({ typed: false, query: ofGroup }),
  answer: (call) => page(call, plainMembers(call, findGroup(call, { refuseArchived: true }))),
};

/** Source: app/api/server/v1/channels.ts */
export const channelsMembers: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: () => ({ typed: false, query: ofRoom }),
  answer: (call) => page(call, plainMembers(call, findChannel(call))),
};

/** The members of a direct room, with the offset of their clocks. Source: app/api/server/v1/im.ts (dm.members) */
export const directMembers: Endpoint = {
  method: 'GET',
  access: 'user',
  answer: (call) => {
    const room = findDirectRoom(call);
    const members = activeMembers(call, room).map((user) => ({
      ...memberDocument(user),
      utcOffset: user.utcOffset ?? 0,
      subscription: subscriptionOf(room, user),
    }));
    return page(call, members);
  },
};

function plainMembers(call: UserCall, room: WorkspaceRoom): readonly Readonly<Record<string, unknown>>[] {
  expectMemberList(call, room);
  return activeMembers(call, room).map(memberDocument);
}

/** Members of a broadcast room are shown to few: view-broadcast-member-list is for admins, owners and moderators. */
function expectMemberList({ user, rules }: UserCall, room: WorkspaceRoom): void {
  if (room.fields['broadcast'] !== true) return;
  const roles = [...user.roles, ...(room.memberRoles.get(user.id) ?? [])];
  if (['admin', 'owner', 'moderator'].some((role) => roles.includes(role))) return;
  const status = atLeast(rules.version, '9.0') ? 403 : 401;
  throw new Refusal(jsonReply(status, { success: false, error: 'unauthorized' }));
}

/** Sorted by username; the real server puts those first who are online. */
function activeMembers({ workspace }: UserCall, room: WorkspaceRoom): readonly WorkspaceUser[] {
  return workspace.users
    .filter(({ id, active }) => active !== false && room.memberIds.has(id))
    .sort((a, b) => (a.username < b.username ? -1 : a.username > b.username ? 1 : 0));
}

function memberDocument({ id, username, name }: WorkspaceUser): Readonly<Record<string, unknown>> {
  return { _id: id, username, name, status: 'offline' };
}

function subscriptionOf(room: WorkspaceRoom, user: WorkspaceUser): Readonly<Record<string, unknown>> {
  const roles = room.memberRoles.get(user.id) ?? [];
  return {
    _id: `${room.id.slice(0, 8)}${user.id.slice(0, 9)}`,
    ts: new Date(room.createdAtMs).toISOString(),
    ...(roles.length > 0 && { roles }),
  };
}

/** Source: core-typings, IRole.ts (ROOM_ROLE_PRIORITY_MAP) */
function priorityOf(roles: readonly string[]): number {
  return roles.includes('owner') ? 0 : roles.includes('moderator') ? 1 : 2;
}

function page({ params, rules }: UserCall, all: readonly unknown[]): Reply {
  const { offset, count } = readPaging(params, rules);
  const members = all.slice(offset, count === 0 ? undefined : offset + count);
  return success({ members, count: members.length, offset, total: all.length });
}
