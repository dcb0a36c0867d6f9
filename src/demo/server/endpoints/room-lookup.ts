import type { UserCall } from '../endpoint.ts';
import { text } from '../params.ts';
import { canRead } from '../can-read.ts';
import { failure, forbidden, meteorError } from '../reply.ts';
import { atLeast } from '../version.ts';
import type { WorkspaceRoom } from '../../workspace/workspace-room.ts';
import { findRoom } from './rooms.ts';

/**
 * The private group that roomId or roomName names. An unknown room, a room of another type and one the user may not
 * read get the same answer.
 *
 * Source: server/api/v1/groups.ts (findPrivateGroupByIdOrName). 7.0 to 7.4 passed only roomId on in groups.messages.
 */
export function findGroup(call: UserCall, { refuseArchived }: { readonly refuseArchived: boolean }): WorkspaceRoom {
  const id = text(call.params, 'roomId');
  const name = text(call.params, 'roomName');
  const nameLost = refuseArchived && atLeast(call.rules.version, '7.0') && !atLeast(call.rules.version, '7.5');
  if ((id ?? '') === '' && (name ?? '') === '') {
    throw meteorError('error-room-param-not-provided', 'The parameter "roomId" or "roomName" is required');
  }
  const room = findRoom(call.workspace, id, nameLost ? undefined : name);
  if (room?.type !== 'p' || !canRead(call, room)) {
    throw meteorError(
      'error-room-not-found',
      'The required "roomId" or "roomName" param provided does not match any group',
    );
  }
  if (refuseArchived && room.archived) {
    throw meteorError(
      'error-room-archived',
      `The private group, ${room.parentId === null ? room.name : (room.title ?? room.name)}, is archived`,
    );
  }
  return room;
}

/**
 * The public channel or livechat room that roomId (or, in channels.history, roomName) names.
 *
 * Source: server/api/v1/channels.ts (findChannelByIdOrName, `room.t !== 'c' && room.t !== 'l'`)
 */
export function findChannel(call: UserCall): WorkspaceRoom {
  const room = findRoom(call.workspace, text(call.params, 'roomId'), text(call.params, 'roomName'));
  if (room?.type !== 'c' && room?.type !== 'l') {
    throw meteorError(
      'error-room-not-found',
      'The required "roomId" or "roomName" param provided does not match any channel',
    );
  }
  if (!canRead(call, room)) throw forbidden(call.rules.version);
  return room;
}

/**
 * The direct room that roomId names, or the one with the user that username names. A room of another type is
 * `invalid-channel`, too: getRoomByNameOrIdWithOptionToJoin compares the type before im.ts could say that there is no
 * such direct message.
 *
 * Source: server/api/v1/im.ts, server/lib/rooms/getRoomByNameOrIdWithOptionToJoin.ts (`errorOnEmpty`)
 */
export function findDirectRoom(call: UserCall): WorkspaceRoom {
  const id = text(call.params, 'roomId');
  const username = text(call.params, 'username');
  const room =
    id === undefined
      ? call.workspace
          .roomsOf(call.user.id)
          .find(
            ({ type, name }) =>
              type === 'd' && username !== undefined && name.split(',').includes(username) && name !== username,
          )
      : call.workspace.room(id);
  if (room?.type !== 'd') throw meteorError('invalid-channel');
  if (!canRead(call, room)) throw forbidden(call.rules.version);
  return room;
}

/** Any room the user can read. Source: server/api/lib/messages.ts, which throws a plain Error. */
export function findReadableRoom(call: UserCall): WorkspaceRoom {
  const room = call.workspace.room(text(call.params, 'roomId') ?? '');
  if (!room || !canRead(call, room)) throw failure('error-not-allowed');
  return room;
}
