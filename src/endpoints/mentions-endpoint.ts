import { endpointNamed } from './endpoints.ts';

/** Whether an endpoint, as manifests name it, lists messages that mention the login: a room's own list has those, too. */
export function isMentionsEndpoint(endpoint: string): boolean {
  return endpointNamed(endpoint)?.table === 'mentioned_messages';
}
