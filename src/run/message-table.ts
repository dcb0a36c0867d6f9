import { endpoints } from '../extractors/endpoints.ts';
import type { EndpointName } from '../job/job.ts';
import { isRecord, type RawMessage } from '../rocketchat/message.ts';
import type { MessageTableName } from '../tables/tables.ts';
import type { PlannedStream } from './open-run.ts';

/** The table that the messages of an endpoint go to. */
export function messageTable(endpoint: EndpointName): MessageTableName {
  return endpoints[endpoint].lists === 'messages' ? 'messages' : 'mentioned_messages';
}

/** Whether a message that the stream's own endpoint returned passes its filters. */
export function acceptedBy({
  endpoint,
  filters,
}: Pick<PlannedStream, 'endpoint' | 'filters'>): (raw: RawMessage) => boolean {
  return (raw) => endpoints[endpoint].accepts(raw, filters);
}

/** Whether a message belongs in the table of a stream, whatever endpoint reported it. */
export function belongsTo(
  stream: Pick<PlannedStream, 'endpoint' | 'filters'>,
  username: string,
): (raw: RawMessage) => boolean {
  return messageTable(stream.endpoint) === 'mentioned_messages' ? mentions(username) : acceptedBy(stream);
}

/** What chat.getMentionedMessages returns: mentions of the user by name. */
export function mentions(username: string): (raw: RawMessage) => boolean {
  return ({ mentions: list }) =>
    Array.isArray(list) && list.some((mention) => isRecord(mention) && mention['username'] === username);
}
