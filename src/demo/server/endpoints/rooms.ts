import { canRead } from '../can-read.ts';
import type { Endpoint, UserCall } from '../endpoint.ts';
import { readPaging } from '../paging.ts';
import { text } from '../params.ts';
import { failure, meteorError, success } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { roomDocument, subscriptionDocument } from '../../workspace/room-document.ts';
import { compareValues } from '../../workspace/sort-order.ts';
import { readSort } from '../sort-param.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { WorkspaceRoom } from '../../workspace/workspace-room.ts';

/** Every room the user has joined, of every type, in one unpaged answer. */
export const subscriptionsGet: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: () => ({
    typed: false,
    query: { kind: 'object', required: [], properties: { updatedSince: { type: 'string', nullable: true } } },
  }),
  answer: (call) =>
    success({
      update: changedRooms(call, 'error-roomId-param-invalid').map((room) =>
        subscriptionDocument(room, call.user, call.workspace),
      ),
      remove: [],
    }),
};

/** The documents of the rooms the user has joined, unpaged. */
export const roomsGet: Endpoint = {
  method: 'GET',
  access: 'user',
  answer: (call) =>
    success({
      update: changedRooms(call, 'error-updatedSince-param-invalid').map((room) => roomDocument(room)),
      remove: [],
    }),
};

/** The private groups the user has joined, discussions and archived ones among them. */
export const groupsList: Endpoint = {
  method: 'GET',
  access: 'user',
  answer: (call) => {
    const { offset, count } = readPaging(call.params, call.rules);
    const order = readSort(call.params, call.rules.version, [['name', 1]]);
    const all = call.workspace
      .roomsOf(call.user.id)
      .filter(({ type }) => type === 'p')
      .map((room) => roomDocument(room))
      .sort(byOrder(order));
    const groups = all.slice(offset, count === 0 ? undefined : offset + count);
    return success({ groups, offset, count: groups.length, total: all.length });
  },
};

/** Room documents in the order of `sort`. */
export function byOrder(order: ReturnType<typeof readSort>): (a: RoomDocument, b: RoomDocument) => number {
  return (a, b) => {
    for (const [path, direction] of order) {
      const difference = compareValues(a[path], b[path]);
      if (difference !== 0) return difference * direction;
    }
    return 0;
  };
}

type RoomDocument = ReturnType<typeof roomDocument>;

const anyRoom = {
  kind: 'one-of',
  branches: [
    { required: ['roomId'], properties: { roomId: { type: 'string' } } },
    { required: ['roomName'], properties: { roomName: { type: 'string' } } },
  ],
} as const;

/** One room of any type, archived ones, too, with the room it is a discussion of. Source: server/api/v1/rooms.ts */
export const roomsInfo: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: () => ({ typed: false, query: anyRoom }),
  answer: (call): Reply => {
    const { params, workspace } = call;
    const name = text(params, 'roomId') ?? text(params, 'roomName') ?? '';
    if (name === '') {
      throw meteorError('error-roomid-param-not-provided', 'The parameter "roomId" or "roomName" is required');
    }
    const room = findRoom(workspace, text(params, 'roomId'), text(params, 'roomName'));
    if (!room) {
      throw meteorError(
        'error-room-not-found',
        'The required "roomId" or "roomName" param provided does not match any channel',
      );
    }
    if (!canRead(call, room)) throw failure('not-allowed', 'Not Allowed');
    const parent = room.parentId === null ? undefined : workspace.room(room.parentId);
    return success({
      room: roomDocument(room),
      ...(parent
        ? { parent: { _id: parent.id, name: parent.name, fname: parent.title ?? parent.name, t: parent.type } }
        : {}),
    });
  },
};

export function findRoom(
  workspace: Workspace,
  id: string | undefined,
  name: string | undefined,
): WorkspaceRoom | undefined {
  if (id !== undefined && id !== '') return workspace.room(id);
  return name === undefined || name === '' ? undefined : workspace.roomByName(name);
}

/** @param dateError of a date that is none: the two routes differ. Source: server/api/v1/subscriptions.ts, rooms.ts */
function changedRooms({ workspace, user, params }: UserCall, dateError: string): readonly WorkspaceRoom[] {
  const since = text(params, 'updatedSince');
  const rooms = workspace.roomsOf(user.id);
  if (since === undefined || since === '') return rooms;
  const sinceMs = Date.parse(since);
  if (Number.isNaN(sinceMs)) {
    throw meteorError(dateError, 'The "updatedSince" query parameter must be a valid date.');
  }
  return rooms.filter(({ updatedAtMs }) => updatedAtMs > sinceMs);
}
