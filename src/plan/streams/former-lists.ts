import type { State } from '../../archive/state/state.ts';
import { endpoints, endpointNamed } from '../../endpoints/endpoints.ts';
import type { FormerList, PlannedStream } from '../run-plan.ts';
import { filtersInKey } from '../stream-key.ts';
import { hasBeenRead } from './lacking-in-list.ts';
import { spansOf } from '../spans/spans.ts';

/**
 * Lists of a room that earlier runs read by other filters than the job has now, into a table that it makes rows of all the same:
 * what they brought stays there, and is kept up to date.
 *
 * @param streams of the job, of one room
 */
export function formerLists(
  roomId: string,
  streams: readonly Pick<PlannedStream, 'key' | 'endpoint' | 'filters'>[],
  { lists }: Pick<State, 'lists'>,
): readonly FormerList[] {
  const tables = new Set(streams.map(({ endpoint }) => endpoints[endpoint].table));
  // The kind of a room may have changed, and with it the endpoint.
  const present = new Set(streams.map(({ endpoint, filters }) => wordsOf(endpoints[endpoint].table, filters)));
  return Object.entries(lists).flatMap(([key, list]): readonly FormerList[] => {
    const endpoint = endpointNamed(list.endpoint);
    if (endpoint === undefined || list.roomId !== roomId || !hasBeenRead(list)) return [];
    const filters = filtersInKey(key);
    if (!tables.has(endpoint.table) || present.has(wordsOf(endpoint.table, filters))) return [];
    return [{ endpoint: endpoint.name, filters, spans: spansOf(list) }];
  });
}

function wordsOf(table: string, filters: PlannedStream['filters']): string {
  return JSON.stringify([table, filters]);
}
