import { ownValue } from '../archive/state/own-value.ts';
import { peopleAfter } from '../archive/state/known-people.ts';
import { seenMark } from '../archive/state/seen-mark.ts';
import { mostHoles, mostKnownChanges, type ChangesState, type ListState, type State } from '../archive/state/state.ts';
import type { LongestPage } from '../model/list/longest-page.ts';
import { changeKeyMs } from '../model/changes.ts';
import { changedKey, metInLists } from './met-in-lists.ts';
import type { Room } from '../model/room.ts';
import { isBadMessage } from '../journal/hole-place.ts';
import type { LoadResult } from '../model/run/load-result.ts';
import type { RunPlan, PlannedChanges, PlannedStream } from '../plan/run-plan.ts';
import { endpoints } from '../endpoints/endpoints.ts';
import { comparedStream } from '../plan/compared-stream.ts';
import { silenceMark } from '../plan/plan-changes.ts';
import { roomsAfter } from '../plan/rooms/room-rows.ts';
import { sameListKeys } from '../plan/stream-key.ts';
import { progressAfter } from '../plan/tables-behind.ts';
import type { ChangesOutcome, RunOutcomes, StreamOutcome } from '../plan/stream-outcome.ts';
import { omitUndefined } from '../omit-undefined.ts';
import { leftOutAfter } from './run-coverage.ts';
import { countLists } from './counted-lists.ts';
import { holesAfter } from './state/holes-after.ts';
import { knownBefore, stillToCompare } from './state/after-comparison.ts';
import { unreadEdits } from './unread-edits.ts';

export interface RunEnd {
  /** Before the run. */
  readonly state: State;
  readonly runPlan: RunPlan;
  readonly outcomes: RunOutcomes;
  readonly loaded: LoadResult;
  readonly longestPage: LongestPage;
}

/** What the next run must know. Streams that this one did not read keep their place: their entry may come back to the job. */
export function nextState({ state, runPlan, outcomes, loaded, longestPage }: RunEnd): State {
  const { streams, changes } = outcomes;
  const rooms = new Map(
    [...streams.map(({ stream }) => stream), ...runPlan.changes].map(({ room }) => [room.id, room]),
  );
  const listsOf = new Map<string, StreamOutcome[]>([...rooms.keys()].map((id) => [id, []]));
  for (const outcome of streams) listsOf.get(outcome.stream.room.id)?.push(outcome);
  const leftOut = leftOutAfter(runPlan, outcomes);
  // What is behind an edit leaves no trace in the room list: a room with something left to read must be asked again.
  const unsettled = new Set([
    ...Object.keys(loaded.deferred),
    ...Object.entries(loaded.versions).flatMap(([roomId, { isUnsettled }]) => (isUnsettled ? [roomId] : [])),
    ...changes.flatMap((outcome) => {
      const { id } = outcome.changes.room;
      return isReadToTheEnd(outcome, listsOf.get(id) ?? []) ? [] : [id];
    }),
  ]);
  const read = streams.map(({ stream, cursor, gap, holes }): [string, ListState] => [
    stream.key,
    {
      endpoint: stream.endpoint,
      roomId: stream.room.id,
      roomName: stream.room.name,
      roomType: stream.room.type,
      formerNames: stream.room.formerNames ?? [],
      cursor,
      messages: messagesBefore(state, stream) + (loaded.exported[stream.journal] ?? 0),
      complete: gap === null,
      seen: gap === null && holes.every(isBadMessage) && !unsettled.has(stream.room.id) ? markOf(stream.room) : null,
      gone: false,
      ...(stream.room.unjoined === true && { unjoined: true }),
      holes: holesAfter({ stream, holes, gap }, runPlan.run).slice(-mostHoles),
    },
  ]);
  const outcomeOf = new Map(changes.map((outcome) => [outcome.changes.room.id, outcome]));
  const changesRead = [...rooms.values()].map((room): [string, ChangesState] => {
    const outcome = outcomeOf.get(room.id);
    const lists = listsOf.get(room.id) ?? [];
    return [room.id, changesState({ state, runPlan, loaded }, room, outcome, lists, unsettled.has(room.id))];
  });
  const { counted } = countLists({ state, outcomes, loaded, nowMs: runPlan.silence.nowMs });
  const rereadRooms = new Set(rooms.keys());
  const withCounted = ([key, list]: readonly [string, ListState]): [string, ListState] => {
    const { counted: before, ...rest } = list;
    const after = counted.has(key) || rereadRooms.has(list.roomId) ? counted.get(key) : before;
    return [key, { ...rest, ...omitUndefined({ counted: after }) }];
  };
  const gone = runPlan.gone.flatMap(({ key }): [string, ListState][] => {
    const known = state.lists[key];
    return known === undefined ? [] : [[key, { ...known, complete: false, gone: true, seen: null }]];
  });
  // A room whose kind has changed continues under another endpoint.
  const renamed = new Set(
    streams.flatMap(({ stream: { endpoint, room, filters } }) => sameListKeys(endpoint, room.id, filters)),
  );
  const kept = Object.entries(state.lists)
    .filter(([key]) => !renamed.has(key))
    .map(([key, list]): [string, ListState] => [key, withDelivered(list, loaded.delivered[key] ?? [])]);
  return {
    version: 2,
    run: runPlan.run,
    longestPage: Math.max(state.longestPage, longestPage.rows),
    lists: Object.fromEntries([...kept, ...gone, ...read].map(withCounted)),
    changes: { ...state.changes, ...Object.fromEntries(changesRead) },
    // A run that was cut may be resumed for a job that no longer makes the table.
    rooms: Object.hasOwn(loaded.tables, 'rooms') ? roomsAfter(state, runPlan.rooms) : state.rooms,
    ...(Object.keys(leftOut).length > 0 && { leftOut }),
    ...peopleAfter(state, loaded.people.known),
  };
}

function markOf({ changeMark }: Room): string | null {
  return changeMark === null ? null : seenMark(changeMark);
}

function withDelivered(list: ListState, ids: readonly string[]): ListState {
  const { cursor } = list;
  if (ids.length === 0) return list;
  return { ...list, cursor: { ...cursor, deliveredIds: [...new Set([...cursor.deliveredIds, ...ids])] } };
}

/** Rows that earlier runs took of the list, whatever the room's kind was. */
export function messagesBefore(state: State, stream: ListOfRoom): number {
  return listBefore(state, stream)?.messages ?? 0;
}

type ListOfRoom = Pick<PlannedStream, 'endpoint' | 'room' | 'filters'>;

function listBefore(state: State, { endpoint, room, filters }: ListOfRoom): ListState | undefined {
  return sameListKeys(endpoint, room.id, filters).flatMap((key) => state.lists[key] ?? [])[0];
}

/**
 * Whether nothing of what changed in a room is left to the next run. Of one that was compared with the archive all that it
 * reports is: a deletion may be that of a row which the archive has in another room. Of one that was looked back at, what
 * happened where it could not be read; and all, when its list began anew and there was nothing to look back from.
 */
function isReadToTheEnd({ gap, refusal, changes, holes }: ChangesOutcome, lists: readonly StreamOutcome[]): boolean {
  if (gap !== null || refusal === null) return gap === null;
  if (changes.compared !== null || comparedStream(changes)?.cursor.watermark === null) return false;
  return [...holes, ...lists.flatMap((list) => list.holes)].every(isBadMessage);
}

/** Where the next run reads on in the changes of a room, of which this run has read the messages, the changes or both. */
function changesState(
  { state, runPlan, loaded }: Pick<RunEnd, 'state' | 'runPlan' | 'loaded'>,
  room: Room,
  outcome: ChangesOutcome | undefined,
  lists: readonly StreamOutcome[],
  isUnsettled: boolean,
): ChangesState {
  const { silence, changesFromMs } = runPlan;
  const known = ownValue(state.changes, room.id);
  const isRead = outcome === undefined ? known === undefined : isReadToTheEnd(outcome, lists);
  // The server's border is exclusive: what is left to the next run lies behind it.
  const deferredMs = (ownValue(loaded.deferred, room.id) ?? Number.POSITIVE_INFINITY) - 1;
  const sinceMs = Math.min(isRead ? changesFromMs : (known?.sinceMs ?? changesFromMs), deferredMs);
  const earlier = knownBefore(known, outcome);
  const own = ownValue(loaded.versions, room.id)?.known ?? {};
  const unreadable = unreadableIn(outcome, lists);
  const byTable = [...new Set([...Object.keys(earlier), ...Object.keys(own), ...Object.keys(unreadable)])].map(
    (table) => {
      const keys = [...new Set([...(earlier[table] ?? []), ...(own[table] ?? []), ...(unreadable[table] ?? [])])];
      return { table, ...newestChanges(keys, sinceMs) };
    },
  );
  const unread = unreadEdits(known, outcome, Object.values(own).flat(), runPlan.run);
  return {
    roomName: room.name,
    ...(unread.length > 0 && { unread }),
    ...omitUndefined({ compare: stillToCompare(known, outcome, loaded.uncomparedRooms.includes(room.id)) }),
    ...progressOf({ runPlan, loaded }, room, known, isRead ? (outcome?.changes ?? 'first') : 'gap'),
    sinceMs,
    known: Object.fromEntries(byTable.map(({ table, keys }) => [table, keys])),
    knownSinceMs: Math.max(...byTable.map((keys) => keys.sinceMs), isRead ? 0 : (known?.knownSinceMs ?? 0)),
    rows: (known?.rows ?? 0) + (outcome === undefined ? 0 : (loaded.exported[outcome.changes.journal] ?? 0)),
    complete: isRead,
    seen: isRead && !isUnsettled ? silenceMark(room, silence) : null,
  };
}

/** @param read the changes that were read to their end; `first`: the room had none yet; `gap`: they were not */
function progressOf(
  { runPlan, loaded }: Pick<RunEnd, 'runPlan' | 'loaded'>,
  room: Room,
  known: ChangesState | undefined,
  read: PlannedChanges | 'first' | 'gap',
): Pick<ChangesState, 'tables' | 'behind'> {
  const planned = runPlan.changes.find((changes) => changes.room.id === room.id);
  const { streams } = runPlan;
  const lists = planned?.revised ?? streams.filter((stream) => stream.room.id === room.id);
  const coverage = {
    endpoints: lists.map(({ endpoint }) => endpoint),
    made: { has: (table: string) => Object.hasOwn(loaded.tables, table) },
  };
  const askedMs = read === 'gap' ? null : read === 'first' ? 0 : (read.cursor.watermark?.tsMs ?? 0);
  const { tables, behind } = progressAfter(known, askedMs, coverage);
  return { tables, ...(Object.keys(behind).length > 0 && { behind }) };
}

/** What was reported as unreadable is known to every table: one report of it is enough. */
function unreadableIn(
  outcome: ChangesOutcome | undefined,
  lists: readonly StreamOutcome[],
): Readonly<Record<string, readonly string[]>> {
  const changed = outcome?.refusal === null ? outcome.holes.map(changedKey) : [];
  const keys = [...metInLists(lists), ...changed];
  if (keys.length === 0) return {};
  const read = [...lists.map(({ stream }) => stream), ...(outcome?.changes.revised ?? [])];
  return Object.fromEntries(read.map(({ endpoint }) => [endpoints[endpoint].table, keys]));
}

/** Keys later than a time, the newest `mostKnownChanges` of them, and since when they are all. */
function newestChanges(
  keys: readonly string[],
  sinceMs: number,
): { readonly keys: readonly string[]; readonly sinceMs: number } {
  const later = keys.filter((key) => changeKeyMs(key) > sinceMs);
  if (later.length <= mostKnownChanges) return { keys: later, sinceMs };
  const sorted = later.toSorted((a, b) => changeKeyMs(a) - changeKeyMs(b));
  const dropped = sorted.length - mostKnownChanges;
  const droppedMs = changeKeyMs(sorted[dropped - 1] ?? '');
  return { keys: sorted.slice(dropped).filter((key) => changeKeyMs(key) > droppedMs), sinceMs: droppedMs };
}
