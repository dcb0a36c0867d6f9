import { ownValue } from '../../model/json/own-value.ts';
import type { ChangesState, ListState, State } from '../../archive/state/state.ts';
import { JobError } from '../../errors.ts';
import { endpointNamed, endpoints, roomEndpoints } from '../../endpoints/endpoints.ts';
import { endpointFor, endpointsOf, roomTypesOf } from '../../endpoints/entry-endpoints.ts';
import type { EndpointName } from '../../endpoints/endpoint-name.ts';
import { groupBy } from '../../model/list/group-by.ts';
import type { ExtractEntry } from '../../job/job.ts';
import type { Room } from '../../model/room.ts';
import { allTime } from '../../model/time/period.ts';
import { allowedLatenessMs, type Cursor, type Via } from '../../model/stream.ts';
import { coveredRooms, goneOf } from './gone-streams.ts';
import { entryRooms, roomsInScope } from '../rooms/entry-rooms.ts';
import { meantRooms } from '../rooms/meant-rooms.ts';
import type { PlannedStream } from '../run-plan.ts';
import { knownList } from './known-list.ts';
import { listWalks } from '../spans/list-walks.ts';
import { spansOf } from '../spans/spans.ts';
import { filtersOf } from '../../endpoints/message-filters.ts';
import { sameListKeys, streamKey } from '../stream-key.ts';

/**
 * The streams a job asks for, in the order of its entries and, within one, of the rooms. A room that two entries of one
 * endpoint name with the same filters is read once; one that the server withholds is left out, see `withheldRooms`. A list
 * whose period was moved may take several walks, oldest first.
 *
 * @param rooms the server's whole list, with what `withFormerNames` knows
 * @throws JobError for an entry that matches no room and none that is gone (except for `*` in an empty workspace, and for
 *   exclusions), only rooms its endpoint cannot read, or a room that two entries of one endpoint name with different
 *   filters (a message passing both would be in the table twice) or periods
 */
export function planStreams(
  entries: readonly ExtractEntry[],
  rooms: readonly Room[],
  state: State,
): readonly PlannedStream[] {
  const streams = new Map<string, readonly PlannedStream[]>();
  const problems: string[] = [];
  const overlaps: string[] = [];
  const listsOf = groupBy(Object.values(state.lists), ({ roomId }) => roomId);
  /** Keys of the lists that are planned, by endpoint and room. */
  const keysOf = new Map<string, Set<string>>();
  for (const entry of entries) {
    const filters = filtersOf(entry);
    for (const room of selectedRooms(entry, entries, rooms, state, problems)) {
      const endpoint = endpointFor(entry, room);
      if (endpoint === undefined) continue;
      const key = streamKey(endpoint, room.id, filters);
      const place = `${endpoint} ${room.id}`;
      const keys = keysOf.get(place) ?? new Set();
      if (keys.size > (keys.has(key) ? 1 : 0))
        overlaps.push(`room "${room.name}" is in two entries of ${endpoint} with different filters`);
      const period = entry.period ?? allTime;
      const [same] = streams.get(key) ?? [];
      if (same !== undefined) {
        const isSamePeriod = same.period.sinceMs === period.sinceMs && same.period.untilMs === period.untilMs;
        if (!isSamePeriod) overlaps.push(`room "${room.name}" is in two entries of ${endpoint} with different periods`);
        continue;
      }
      const known = knownList(state, { endpoint, room, filters });
      const ofRoom = listsOf.get(room.id) ?? [];
      const isReset = known?.cursor.watermark === null;
      const spans = spansOf(known);
      const walks = listWalks(spans, period);
      if (walks.length > 0) keysOf.set(place, keys.add(key));
      streams.set(
        key,
        walks.map((walk, at) => ({
          ...walk,
          key,
          endpoint,
          room,
          via: viaOf(endpoint, entry, room),
          filters,
          pageSize: entry.pageSize ?? null,
          period,
          spans,
          isNew: known === undefined,
          otherCursor: otherCursor(ofRoom, endpoint, walk.cursor),
          mayReplace: (known === undefined || isReset) && hasRows(ofRoom, endpoint, ownValue(state.changes, room.id)),
          // The newest walk comes by most of them.
          holes: known === undefined || isReset || at < walks.length - 1 ? [] : known.holes,
        })),
      );
    }
  }
  if (problems.length + overlaps.length > 0) {
    throw new JobError(`Cannot select rooms: ${[...new Set([...problems, ...overlaps])].join('; ')}`, {
      hint:
        problems.length > 0
          ? 'Run "rocketchat-export rooms" to list the rooms this login can see, with the words a job may use'
          : 'Keep the room out of one of them: rooms: ["*", "!NAME"]',
    });
  }
  return [...streams.values()].flat();
}

/**
 * Whether earlier runs may have written rows of the room to the table of the endpoint, with whatever filters and whatever
 * kind of room it was then. One that could never be read, or had no messages, has none.
 */
function hasRows(ofRoom: readonly ListState[], endpoint: EndpointName, changes: ChangesState | undefined): boolean {
  const { table } = endpoints[endpoint];
  const known = ofRoom.filter((list) => endpointNamed(list.endpoint)?.table === table);
  const hasChanged = (changes?.rows ?? 0) > 0;
  return known.some(({ messages }) => messages > 0) || (known.length > 0 && hasChanged);
}

/** Of the other of a room's lists (all its messages, or those that mention the login), if earlier runs may have read it further. */
function otherCursor(ofRoom: readonly ListState[], endpoint: EndpointName, { watermark }: Cursor): Cursor | null {
  const others = ofRoom.filter((list) => {
    const other = endpointNamed(list.endpoint);
    return other !== undefined && other.table !== endpoints[endpoint].table;
  });
  const [further] = others
    .filter(({ cursor }) => (cursor.watermark?.tsMs ?? -1) + allowedLatenessMs >= (watermark?.tsMs ?? 0))
    .sort((a, b) => (b.cursor.watermark?.tsMs ?? 0) - (a.cursor.watermark?.tsMs ?? 0));
  return further?.cursor ?? null;
}

function selectedRooms(
  entry: ExtractEntry,
  entries: readonly ExtractEntry[],
  rooms: readonly Room[],
  state: State,
  problems: string[],
): readonly Room[] {
  const roomTypes = roomTypesOf(entry);
  const { selected, unmatched, wrongType } = entryRooms(entry, rooms);
  for (const pattern of unmatched) {
    // An empty workspace makes an empty archive: only a name can be a typing error.
    if (rooms.length === 0 && /^\*+$/.test(pattern)) continue;
    // What earlier runs read and is gone is a gap, and no reason to leave the other rooms unread.
    if (state.shard?.elsewhere.includes(pattern) === true) continue;
    const isGone = goneOf({ ...entry, rooms: [pattern] }, entries, rooms, state).length > 0;
    if (!isGone) problems.push(`no room matches "${pattern}"${meantRooms(pattern, roomsInScope(entry, rooms))}`);
  }
  for (const { pattern, rooms: others } of wrongType) {
    const types = [...new Set(others.map((room) => room.type))];
    const readers = roomEndpoints.filter((reader) => reader.roomTypes.some((type) => types.includes(type)));
    const covered = coveredRooms(entry, entries, rooms);
    const isReadElsewhere = others.every(({ id }) => covered.has(id));
    // A room whose kind has changed since an earlier run: another entry reads it on, or it is a gap of that room alone.
    const hasBeenRead = others.some(({ id }) =>
      endpointsOf(entry).some((name) => sameListKeys(name, id, filtersOf(entry)).some((key) => key in state.lists)),
    );
    if (isReadElsewhere || hasBeenRead || state.shard?.elsewhere.includes(pattern) === true) continue;
    const reader =
      entry.endpoint === undefined
        ? 'no endpoint reads those'
        : `${entry.endpoint} reads ${roomTypes.join(' and ')} rooms`;
    const advice =
      readers.map(({ name }) => name).join(' and ') + (readers.length > 1 ? ' read those' : ' reads those');
    problems.push(
      `"${pattern}" matches ${types.join(' and ')} rooms only, and ${reader}${readers.length > 0 ? ` (${advice}, as does an entry without endpoint)` : ''}`,
    );
  }
  return selected.filter(({ withheld }) => withheld === undefined);
}

/**
 * For an archived group groups.messages returns an error, but its history can be read. Jobs may ask for the history of any
 * room, and get it where it gains something: see viaNotes.
 */
function viaOf(endpoint: EndpointName, { via = 'messages' }: ExtractEntry, room: Room): Via {
  const { history, refusesArchived } = endpoints[endpoint];
  if (history === null) return 'messages';
  return refusesArchived && room.archived ? 'history' : via;
}
