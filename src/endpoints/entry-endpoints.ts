import { roomEndpointNames, type EndpointName } from './endpoint-name.ts';
import type { Room, RoomType } from '../model/room.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';

/** An entry of a job's `extract`: without `endpoint`, each room is read by the endpoint of its kind. */
interface EntryOfJob {
  readonly endpoint?: EndpointName;
}

/** The endpoints that an entry may read by. */
export function endpointsOf({ endpoint }: EntryOfJob): readonly EndpointName[] {
  return endpoint === undefined ? roomEndpointNames : [endpoint];
}

/** The one by which an entry reads a room; undefined: it does not read rooms of this kind. */
export function endpointFor(entry: EntryOfJob, { type }: Pick<Room, 'type'>): EndpointName | undefined {
  return endpointsOf(entry).find((name) => endpoints[name].roomTypes.includes(type));
}

/** The kinds of rooms that an entry reads. */
export function roomTypesOf(entry: EntryOfJob): readonly RoomType[] {
  return endpointsOf(entry).flatMap((name) => endpoints[name].roomTypes);
}

/** Where the messages of an entry go. */
export function tableOf({ endpoint }: EntryOfJob): Endpoint['table'] {
  return endpoint === undefined ? 'messages' : endpoints[endpoint].table;
}
