import { isRecord } from '../model/json/is-record.ts';
import type { RawMessage } from '../model/message.ts';
import { filterTexts } from './message-filters.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * What groups.messages, channels.messages and im.messages have in common: all messages of a room, threads, system
 * messages and everything else, without a time limit.
 *
 * Their filters came with 7.0: comma lists of user ids matched against `mentions._id` and `starred._id`, and `pinned`.
 * With several, a message must pass all of them. Source: apps/meteor/app/api/server/v1/groups.ts, channels.ts, im.ts
 */
export function roomMessages(
  own: Pick<Endpoint, 'name' | 'roomTypes' | 'roomsRead'> & Partial<Pick<Endpoint, 'history' | 'refusesArchived'>>,
): Endpoint {
  const isWhole: Endpoint['isWhole'] = (filters) => Object.keys(filters).length === 0;
  const accepts: Endpoint['accepts'] = (message, { mentionIds, starredIds, pinned }) =>
    (mentionIds === undefined || idsOf(message, 'mentions').some((id) => mentionIds.includes(id))) &&
    (starredIds === undefined || idsOf(message, 'starred').some((id) => starredIds.includes(id))) &&
    (pinned === undefined || (message['pinned'] === true) === pinned);
  const { name, history = null } = own;
  return {
    refusesArchived: false,
    lacks: null,
    ...own,
    history,
    table: 'messages',
    isWhole,
    accepts,
    lists: accepts,
    requested: (via) => (via === 'history' ? (history ?? name) : name),
    // A history takes no filters.
    countedRows: ({ room, filters, via }) => (via === 'history' || isWhole(filters) ? room.messageCount : null),
    filterQuery: filterTexts,
  };
}

/** `starred` is a list of users, in old documents a single one. */
function idsOf(message: RawMessage, field: string): readonly string[] {
  const value = message[field];
  const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
  return elements.flatMap((element) =>
    isRecord(element) && typeof element['_id'] === 'string' ? [element['_id']] : [],
  );
}
