import { canRead } from '../can-read.ts';
import type { Endpoint } from '../endpoint.ts';
import { readPaging } from '../paging.ts';
import { text } from '../params.ts';
import { failure, forbidden, meteorError, success } from '../reply.ts';
import { readSort } from '../sort-param.ts';
import { roomDocument } from '../../workspace/room-document.ts';
import { byOrder, findRoom } from './rooms.ts';

/**
 * Public channels, archived ones and discussions among them: all with view-c-room, else those joined; without
 * view-joined-room, too, refused. Source: server/api/v1/channels.ts
 */
export const channelsList: Endpoint = {
  method: 'GET',
  access: 'user',
  answer: (call) => {
    const { workspace, user, rules, params } = call;
    const seesAll = !rules.deniedPermissions.includes('view-c-room');
    if (!seesAll && rules.deniedPermissions.includes('view-joined-room')) throw forbidden(rules.version);
    const { offset, count } = readPaging(params, rules);
    const order = readSort(params, rules.version, [['name', 1]]);
    const all = workspace.rooms
      .filter((room) => room.type === 'c' && (seesAll || room.memberIds.has(user.id) || room.withheld.has(user.id)))
      .map((room) => roomDocument(room))
      .sort(byOrder(order));
    const channels = all.slice(offset, count === 0 ? undefined : offset + count);
    return success({ channels, offset, count: channels.length, total: all.length });
  },
};

/** The discussions of a room that the user can read. Source: server/api/v1/rooms.ts (findRoomByIdOrName refuses archived) */
export const roomsDiscussions: Endpoint = {
  method: 'GET',
  access: 'user',
  answer: (call) => {
    const { workspace, rules, params } = call;
    const room = findRoom(workspace, text(params, 'roomId'), text(params, 'roomName'));
    if (room === undefined)
      throw meteorError(
        'error-room-not-found',
        'The required "roomId" or "roomName" param provided does not match any channel',
      );
    if (room.archived) throw meteorError('error-room-archived', `The channel, ${room.name}, is archived`);
    const { offset, count } = readPaging(params, rules);
    const order = readSort(params, rules.version, [['fname', 1]]);
    if (!canRead(call, room)) throw failure('not-allowed', 'Not Allowed');
    const all = workspace.rooms
      .filter(({ parentId }) => parentId === room.id)
      .map((one) => roomDocument(one))
      .sort(byOrder(order));
    const discussions = all.slice(offset, count === 0 ? undefined : offset + count);
    return success({ discussions, count: discussions.length, offset, total: all.length });
  },
};
