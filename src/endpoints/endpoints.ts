import type { EndpointName } from '../model/rocketchat.ts';
import { channelsMessages } from './channels-messages.ts';
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
