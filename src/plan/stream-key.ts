import { endpoints, endpointsFilling } from '../endpoints/endpoints.ts';
import type { ExtractEntry } from '../job/job.ts';
import type { EndpointName } from '../endpoints/endpoint-name.ts';
import type { MessageFilters } from '../model/stream.ts';

/**
 * Names a stream across runs. With other filters other messages count, so a cursor made under one set says nothing under
 * another.
 */
export function streamKey(endpoint: string, roomId: string, filters: MessageFilters): string {
  const words = Object.entries(filters).map(([name, value]) => `${name}=${String(value)}`);
  return [endpoint, roomId, ...words].join(' ');
}

/** The filters that such a name holds, in the order of `filtersOf`. No id of a user has a space or a comma. */
export function filtersInKey(key: string): MessageFilters {
  const valueOf = (name: string): string | undefined =>
    key
      .split(' ')
      .slice(2)
      .find((word) => word.startsWith(`${name}=`))
      ?.slice(name.length + 1);
  const idsOf = (value: string): readonly string[] => (value === '' ? [] : value.split(','));
  const [mentionIds, starredIds, pinned] = [valueOf('mentionIds'), valueOf('starredIds'), valueOf('pinned')];
  return {
    ...(mentionIds === undefined ? {} : { mentionIds: idsOf(mentionIds) }),
    ...(starredIds === undefined ? {} : { starredIds: idsOf(starredIds) }),
    ...(pinned === undefined ? {} : { pinned: pinned === 'true' }),
  };
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

/** In an order of their own: two ways to write the same filters make one stream. */
export function filtersOf({ mentionIds, starredIds, pinned }: ExtractEntry): MessageFilters {
  return {
    ...(mentionIds === undefined ? {} : { mentionIds: [...new Set(mentionIds)].sort() }),
    ...(starredIds === undefined ? {} : { starredIds: [...new Set(starredIds)].sort() }),
    ...(pinned === undefined ? {} : { pinned }),
  };
}
