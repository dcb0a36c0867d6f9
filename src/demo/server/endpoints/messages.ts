import type { Endpoint, UserCall } from '../endpoint.ts';
import { readPaging } from '../paging.ts';
import { text, type Params } from '../params.ts';
import { byteReply, type Reply } from '../reply.ts';
import { readSort } from '../sort-param.ts';
import type { ByteText, StoredMessage } from '../../workspace/stored-message.ts';
import { atLeast } from '../version.ts';
import type { MessageFilter, MessagePage, WorkspaceRoom } from '../../workspace/workspace-room.ts';
import {
  channelsMessagesSchema,
  directMessagesSchema,
  groupsMessagesSchema,
  mentionedMessagesSchema,
} from './message-schemas.ts';
import { viewBytes } from './message-view.ts';
import { findChannel, findDirectRoom, findGroup, findReadableRoom } from './room-lookup.ts';

/**
 * GET groups.messages: every row of a private group, thread replies and system messages among them. The default
 * projection strips `e2e`; `starred` is reduced to the caller's own entry.
 *
 * Source: server/api/v1/groups.ts
 */
export const groupsMessages: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: groupsMessagesSchema,
  answer: (call) => listMessages(call, findGroup(call, { refuseArchived: true })),
};

/** GET channels.messages: the rows of a public channel, joined or not, or of a livechat room. Source: server/api/v1/channels.ts */
export const channelsMessages: Endpoint = {
  method: 'GET',
  permission: 'view-c-room',
  access: 'user',
  schema: channelsMessagesSchema,
  answer: (call) => listMessages(call, findChannel(call)),
};

export const directMessages: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: directMessagesSchema,
  answer: (call) => listMessages(call, findDirectRoom(call)),
};

/**
 * GET chat.getMentionedMessages: the messages of any room, archived or not, that mention the caller's current username;
 * @all, @here and teams do not count. Nothing is normalised and nothing projected.
 *
 * Source: server/api/lib/messages.ts
 */
export const mentionedMessages: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: mentionedMessagesSchema,
  answer: (call) => {
    const room = findReadableRoom(call);
    const { username } = call.user;
    const filter: MessageFilter = {
      key: `mentions.username=${username}`,
      matches: (message) => !message.hidden && message.mentionUsernames.includes(username),
    };
    return answerPage(call, room, filter, (message) => message.bytes());
  },
};

function listMessages(call: UserCall, room: WorkspaceRoom): Reply {
  return answerPage(call, room, messageFilter(call.params, call.rules.version, room), (message) =>
    viewBytes(message, call.user.id, 'projected'),
  );
}

function answerPage(
  call: UserCall,
  room: WorkspaceRoom,
  filter: MessageFilter | null,
  toBytes: (message: StoredMessage) => ByteText,
): Reply {
  const { offset, count } = readPaging(call.params, call.rules);
  const order = readSort(call.params, call.rules.version, [['ts', -1]]);
  return pageReply(room.page(filter, order, offset, count), offset, toBytes);
}

function pageReply(
  { messages, total }: MessagePage,
  offset: number,
  toBytes: (message: StoredMessage) => ByteText,
): Reply {
  const rows = messages.map(toBytes).join(',');
  return byteReply(
    `{"messages":[${rows}],"count":${messages.length},"offset":${offset},"total":${total},"success":true}`,
  );
}

/**
 * Before 7.0 the filters do not exist and are ignored; edit-history clones are left out since 8.0 (the filter is in
 * the sources of 8.x and not in those of 7.x; the exact release is not verified). null: every row.
 */
function messageFilter(params: Params, version: string, room: WorkspaceRoom): MessageFilter | null {
  const filters: MessageFilter[] = [];
  if (atLeast(version, '8.0') && room.hiddenCount > 0) {
    filters.push({ key: 'visible', matches: ({ hidden }) => !hidden });
  }
  if (atLeast(version, '7.0')) {
    const mentionIds = idList(params, 'mentionIds');
    if (mentionIds) {
      filters.push({
        key: `mentions._id=${mentionIds.join(',')}`,
        matches: (message) => mentionIds.some((id) => message.mentionIds.includes(id)),
      });
    }
    const starredIds = idList(params, 'starredIds');
    if (starredIds) {
      filters.push({
        key: `starred._id=${starredIds.join(',')}`,
        matches: (message) => starredIds.some((id) => message.starredIds.includes(id)),
      });
    }
    if (text(params, 'pinned')?.toLowerCase() === 'true') {
      filters.push({ key: 'pinned', matches: ({ pinned }) => pinned });
    }
  }
  if (filters.length === 0) return null;
  return {
    key: filters.map(({ key }) => key).join('&'),
    matches: (message) => filters.every((filter) => filter.matches(message)),
  };
}

function idList(params: Params, name: string): readonly string[] | null {
  const value = text(params, name);
  return value === undefined || value === '' ? null : value.split(',').map((id) => id.trim());
}
