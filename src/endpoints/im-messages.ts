import { roomMessages } from './room-messages.ts';

/**
 * Direct rooms of the user, with one person or several. im.history gains nothing: it is paged like any list
 * (getPaginationItems).
 * Source: apps/meteor/app/api/server/v1/im.ts
 */
export const imMessages = roomMessages({
  name: 'im.messages',
  roomTypes: ['direct'],
  roomsRead: 'direct rooms',
});
