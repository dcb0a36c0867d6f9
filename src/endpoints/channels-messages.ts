import { roomMessages } from './room-messages.ts';

/**
 * Public channels, archived ones, too, and livechat rooms, of which it is the only full and paged list. Takes no
 * `roomName`. channels.history gains nothing: it is paged like any list (getPaginationItems).
 * Source: apps/meteor/app/api/server/v1/channels.ts (`checkedArchived: false`, `room.t !== 'l'`)
 */
export const channelsMessages = roomMessages({
  name: 'channels.messages',
  roomTypes: ['channel', 'livechat'],
  roomsRead: 'public channels and livechat rooms',
});
