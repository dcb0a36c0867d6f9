import { isRecord } from '../model/json/is-record.ts';
import type { Endpoint } from './endpoint.ts';

const name = 'chat.getMentionedMessages';

/**
 * Messages that mention the user of the login by name, in any room that this user can read, archived or not; `@all`,
 * `@here` and team mentions are not among them. Source: apps/meteor/server/api/lib/messages.ts
 */
export const mentionedMessages: Endpoint = {
  name,
  table: 'mentioned_messages',
  roomTypes: ['private', 'channel', 'direct', 'livechat'],
  history: null,
  refusesArchived: false,
  filterQuery: () => ({}),
  isWhole: () => false,
  accepts: () => true,
  lists: ({ mentions }, _, username) =>
    Array.isArray(mentions) && mentions.some((mention) => isRecord(mention) && mention['username'] === username),
  requested: () => name,
  countedRows: () => null,
};
