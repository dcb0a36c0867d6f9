import { endpoints } from './endpoints.ts';
import type { EndpointName } from '../model/rocketchat.ts';
import type { Via } from '../model/stream.ts';

/** The endpoint that a stream's requests go to: it has a rate budget of its own, and names the stream for people. */
export function requestedEndpoint({ endpoint, via }: { readonly endpoint: EndpointName; readonly via: Via }): string {
  return via === 'history' ? (endpoints[endpoint].history?.name ?? endpoint) : endpoint;
}
