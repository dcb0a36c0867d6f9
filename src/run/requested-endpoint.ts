import { endpoints } from '../extractors/endpoints.ts';
import type { PlannedStream } from './open-run.ts';

/** The endpoint that a stream's requests go to: it has a rate budget of its own, and names the stream for people. */
export function requestedEndpoint({ endpoint, via }: Pick<PlannedStream, 'endpoint' | 'via'>): string {
  return via === 'history' ? (endpoints[endpoint].history?.name ?? endpoint) : endpoint;
}
