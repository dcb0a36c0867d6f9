import { isRecord } from '../model/json/is-record.ts';
import { mentionsEndpointName as name } from './endpoint-name.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * Messages that mention the user of the login by name, in any room that this user can read, archived or not; `@all`,
 * `@here` and team mentions are not among them. Source: apps/meteor/server/api/lib/messages.ts
 */
export const mentionedMessages: Endpoint = {
  name,
  table: 'mentioned_messages',
  roomTypes: ['private', 'channel', 'direct', 'livechat'],
  roomsRead: 'rooms of any kind',
  history: null,
  refusesArchived: false,
  lacks: `${name} returns mentions of the user by name only: not those of @all, @here or a team.`,
  filterQuery: () => ({}),
  isWhole: () => false,
  accepts: () => true,
  lists: ({ mentions }, _, username) =>
    Array.isArray(mentions) && mentions.some((mention) => isRecord(mention) && mention['username'] === username),
  requested: () => name,
  countedRows: () => null,
};
