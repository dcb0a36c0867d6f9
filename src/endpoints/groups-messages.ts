import { roomMessages } from './room-messages.ts';

/**
 * Private groups of which the user is a member. An archived one is refused (`error-room-archived`), its history is not.
 * Source: apps/meteor/app/api/server/v1/groups.ts (findPrivateGroupByIdOrName)
 */
export const groupsMessages = roomMessages({
  name: 'groups.messages',
  roomTypes: ['private'],
  roomsRead: 'private groups',
  history: 'groups.history',
  refusesArchived: true,
});
