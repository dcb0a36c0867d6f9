import type { Endpoint } from './endpoint.ts';

/**
 * Messages that mention the user of the login by name, in any room that this user can read, archived or not; `@all`,
 * `@here` and team mentions are not among them. Source: apps/meteor/server/api/lib/messages.ts
 */
export const mentionedMessages: Endpoint = {
  name: 'chat.getMentionedMessages',
  lists: 'mentions',
  roomTypes: ['private', 'channel', 'direct', 'livechat'],
  history: null,
  refusesArchived: false,
  filterQuery: () => ({}),
  accepts: () => true,
};
