import type { EndpointName } from './endpoint-name.ts';
import { channelsMessages } from './channels-messages.ts';
import type { RawMessage } from '../model/message.ts';
import type { Room } from '../model/room.ts';
import type { Endpoint } from './endpoint.ts';
import { groupsMessages } from './groups-messages.ts';
import { imMessages } from './im-messages.ts';
import { mentionedMessages } from './mentioned-messages.ts';

/** Every endpoint a job can name. */
export const endpoints: Readonly<Record<EndpointName, Endpoint>> = {
  'groups.messages': groupsMessages,
  'channels.messages': channelsMessages,
  'im.messages': imMessages,
  'chat.getMentionedMessages': mentionedMessages,
};

/** By a name that stands in an archive: undefined for one that this program does not know. */
export function endpointNamed(name: string): Endpoint | undefined {
  return Object.values(endpoints).find((endpoint) => endpoint.name === name);
}

/** Those whose messages go to the same table: which of them reads a room depends on the room's kind alone. */
export function endpointsFilling(table: Endpoint['table']): readonly Endpoint[] {
  return Object.values(endpoints).filter((endpoint) => endpoint.table === table);
}

/** Those that read every message of a room, one per kind of room. */
export const roomEndpoints = endpointsFilling('messages');

/** The one of them that reads a room; undefined: none reads rooms of this kind. */
export function roomEndpointFor({ type }: Pick<Room, 'type'>): Endpoint | undefined {
  return roomEndpoints.find(({ roomTypes }) => roomTypes.includes(type));
}

/** The tables of messages that a message stands in where all lists are read without filters. @param username of the login */
export function tablesListing(message: RawMessage, username: string): readonly Endpoint['table'][] {
  const listing = Object.values(endpoints).filter((endpoint) => endpoint.lists(message, {}, username));
  return [...new Set(listing.map(({ table }) => table))];
}
