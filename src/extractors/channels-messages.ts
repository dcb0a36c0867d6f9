import { roomMessages } from './room-messages.ts';

/**
 * Public channels, archived ones, too. Takes no `roomName`. Its history is paged like any list (getPaginationItems).
 * Source: apps/meteor/app/api/server/v1/channels.ts (`checkedArchived: false`)
 */
export const channelsMessages = roomMessages({
  name: 'channels.messages',
  roomTypes: ['channel'],
  history: { name: 'channels.history', isCapped: true },
});
