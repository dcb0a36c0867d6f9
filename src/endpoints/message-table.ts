import { endpoints } from './endpoints.ts';
import type { EndpointName } from '../model/rocketchat.ts';
import { isRecord, type RawMessage } from '../model/message.ts';
import type { MessageTableName } from '../model/table-name.ts';
import type { MessageFilters } from '../model/stream.ts';

/** The table that the messages of an endpoint go to. */
export function messageTable(endpoint: EndpointName): MessageTableName {
  return endpoints[endpoint].lists === 'messages' ? 'messages' : 'mentioned_messages';
}

/** Whether a message that the stream's own endpoint returned passes its filters. */
export function acceptedBy({ endpoint, filters }: FilteredStream): (raw: RawMessage) => boolean {
  return (raw) => endpoints[endpoint].accepts(raw, filters);
}

/** Whether a message belongs in the table of a stream, whatever endpoint reported it. */
export function belongsTo(stream: FilteredStream, username: string): (raw: RawMessage) => boolean {
  return messageTable(stream.endpoint) === 'mentioned_messages' ? mentions(username) : acceptedBy(stream);
}

/** What chat.getMentionedMessages returns: mentions of the user by name. */
export function mentions(username: string): (raw: RawMessage) => boolean {
  return ({ mentions: list }) =>
    Array.isArray(list) && list.some((mention) => isRecord(mention) && mention['username'] === username);
}

interface FilteredStream {
  readonly endpoint: EndpointName;
  readonly filters: MessageFilters;
}
