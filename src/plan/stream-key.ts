import { endpoints, endpointsFilling } from '../endpoints/endpoints.ts';
import { filtersIn, filterTexts } from '../endpoints/message-filters.ts';
import type { EndpointName } from '../endpoints/endpoint-name.ts';
import type { MessageFilters } from '../model/stream.ts';

/**
 * Names a stream across runs. With other filters other messages count, so a cursor made under one set says nothing under
 * another.
 */
export function streamKey(endpoint: string, roomId: string, filters: MessageFilters): string {
  const words = Object.entries(filterTexts(filters)).map(([name, text]) => `${name}=${text}`);
  return [endpoint, roomId, ...words].join(' ');
}

/** The filters that such a name holds, in the order of `filtersOf`. No id of a user has a space. */
export function filtersInKey(key: string): MessageFilters {
  const words = key.split(' ').slice(2);
  return filtersIn(
    Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)])),
  );
}

/**
 * Keys under which earlier runs may have read the same list. A channel that is made private (or a group public) keeps its
 * id and its messages, but other endpoints read it: it resumes where it was, and none of its messages comes twice.
 */
export function sameListKeys(endpoint: EndpointName, roomId: string, filters: MessageFilters): readonly string[] {
  const others = endpointsFilling(endpoints[endpoint].table);
  return [endpoint, ...others.map(({ name }) => name).filter((name) => name !== endpoint)].map((name) =>
    streamKey(name, roomId, filters),
  );
}
