import type { Endpoint } from '../endpoint.ts';
import { channelsHistory, directHistory, groupsHistory } from './history.ts';
import { channelsMessages, directMessages, groupsMessages, mentionedMessages } from './messages.ts';
import { channelsMembers, directMembers, groupsMembers, membersOrderedByRole } from './members.ts';
import { generatePersonalAccessToken } from './personal-access-tokens.ts';
import { channelsList, roomsDiscussions } from './readable-rooms.ts';
import { groupsList, roomsGet, roomsInfo, subscriptionsGet } from './rooms.ts';
import { info, login, logout, me } from './session.ts';
import { settingsPublic } from './settings.ts';
import { getMessage } from './single-message.ts';
import { syncMessages } from './sync.ts';
import { usersInfo, usersList } from './users.ts';

/** Every route by its path. */
export const endpoints: ReadonlyMap<string, Endpoint> = new Map(
  Object.entries({
    '/api/info': info,
    '/api/v1/info': info,
    '/api/v1/me': me,
    '/api/v1/settings.public': settingsPublic,
    '/api/v1/login': login,
    '/api/v1/logout': logout,
    '/api/v1/subscriptions.get': subscriptionsGet,
    '/api/v1/rooms.get': roomsGet,
    '/api/v1/rooms.info': roomsInfo,
    '/api/v1/groups.list': groupsList,
    '/api/v1/channels.list': channelsList,
    '/api/v1/rooms.getDiscussions': roomsDiscussions,
    '/api/v1/users.list': usersList,
    '/api/v1/users.info': usersInfo,
    '/api/v1/users.generatePersonalAccessToken': generatePersonalAccessToken,
    '/api/v1/rooms.membersOrderedByRole': membersOrderedByRole,
    '/api/v1/groups.members': groupsMembers,
    '/api/v1/channels.members': channelsMembers,
    '/api/v1/im.members': directMembers,
    '/api/v1/dm.members': directMembers,
    '/api/v1/groups.messages': groupsMessages,
    '/api/v1/channels.messages': channelsMessages,
    '/api/v1/im.messages': directMessages,
    '/api/v1/dm.messages': directMessages,
    '/api/v1/groups.history': groupsHistory,
    '/api/v1/channels.history': channelsHistory,
    '/api/v1/im.history': directHistory,
    '/api/v1/dm.history': directHistory,
    '/api/v1/chat.getMessage': getMessage,
    '/api/v1/chat.syncMessages': syncMessages,
    '/api/v1/chat.getMentionedMessages': mentionedMessages,
  }),
);
