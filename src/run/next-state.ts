import type { State, StreamState } from '../archive/state.ts';
import type { LongestPage } from '../extractors/end-proof.ts';
import { changesEndpoint } from '../stream.ts';
import { changeKeyMs } from '../rocketchat/changes.ts';
import type { Room } from '../rocketchat/room.ts';
import type { LoadResult } from './load-plan.ts';
import type { OpenRun, PlannedStream } from './open-run.ts';
import { changesKey, silenceMark } from './plan-changes.ts';
import { sameListKeys } from './stream-key.ts';
import type { ChangesOutcome, RunOutcomes } from './stream-outcome.ts';

export interface RunEnd {
  /** Before the run. */
  readonly state: State;
  readonly openRun: OpenRun;
  readonly outcomes: RunOutcomes;
  readonly loaded: LoadResult;
  readonly longestPage: LongestPage;
}

/** What the next run must know. Streams that this one did not read keep their place: their entry may come back to the job. */
export function nextState({ state, openRun, outcomes, loaded, longestPage }: RunEnd): State {
  const { streams, changes } = outcomes;
  // What is behind an edit leaves no trace in the room list: a room with something left to read must be asked again.
  const unsettled = new Set([
    ...loaded.deferred,
    ...changes.filter(({ gap }) => gap !== null).map((outcome) => outcome.changes.room.id),
  ]);
  const read = streams.map(({ stream, cursor, gap }, index): [string, StreamState] => [
    stream.key,
    {
      endpoint: stream.endpoint,
      roomId: stream.room.id,
      roomName: stream.room.name,
      roomType: stream.room.type,
      ...(stream.room.formerNames !== undefined && { formerNames: stream.room.formerNames }),
      cursor,
      messages: messagesBefore(state, stream) + (loaded.exported[index] ?? 0),
      complete: gap === null,
      seen: gap === null && !unsettled.has(stream.room.id) ? stream.room.changeMark : null,
    },
  ]);
  const rooms = new Map(
    [...streams.map(({ stream }) => stream), ...openRun.changes].map(({ room }) => [room.id, room]),
  );
  const indexOf = new Map(changes.map((outcome, index) => [outcome.changes.room.id, index]));
  const changesRead = [...rooms.values()].map((room): [string, StreamState] => {
    const index = indexOf.get(room.id) ?? -1;
    return [
      changesKey(room.id),
      changesState(state, openRun, room, changes[index], loaded, loaded.changed[index] ?? 0),
    ];
  });
  const gone = openRun.gone.flatMap(({ key }): [string, StreamState][] => {
    const known = state.streams[key];
    return known === undefined ? [] : [[key, { ...known, complete: false, gone: true, seen: null }]];
  });
  // A room whose kind has changed goes on under another endpoint.
  const renamed = new Set(
    streams.flatMap(({ stream: { endpoint, room, filters } }) => sameListKeys(endpoint, room.id, filters)),
  );
  const kept = Object.entries(state.streams).filter(([key]) => !renamed.has(key));
  return {
    version: 1,
    run: openRun.run,
    streams: Object.fromEntries([...kept, ...gone, ...read, ...changesRead]),
    longestPage: {
      ...state.longestPage,
      ...Object.fromEntries(streams.map(({ stream }) => [stream.endpoint, longestPage.rows])),
    },
  };
}

/** Rows that earlier runs took of the list, whatever the room's kind was. */
export function messagesBefore(
  state: State,
  { endpoint, room, filters }: Pick<PlannedStream, 'endpoint' | 'room' | 'filters'>,
): number {
  return sameListKeys(endpoint, room.id, filters).flatMap((key) => state.streams[key] ?? [])[0]?.messages ?? 0;
}

/** Where the next run reads on in the changes of a room, of which this run has read the messages, the changes or both. */
function changesState(
  state: State,
  { silence, changesFromMs }: OpenRun,
  room: Room,
  outcome: ChangesOutcome | undefined,
  { versions, deferred }: LoadResult,
  changed: number,
): StreamState {
  const known = state.streams[changesKey(room.id)];
  const isRead = outcome === undefined ? known === undefined : outcome.gap === null;
  const sinceMs = isRead ? changesFromMs : (known?.cursor.watermark?.tsMs ?? changesFromMs);
  const keys = new Set([...(known?.cursor.takenIds ?? []), ...(versions[room.id] ?? [])]);
  return {
    endpoint: changesEndpoint,
    roomId: room.id,
    roomName: room.name,
    cursor: {
      watermark: { tsMs: sinceMs, id: null },
      offset: 0,
      takenIds: [...keys].filter((key) => changeKeyMs(key) > sinceMs),
    },
    messages: (known?.messages ?? 0) + changed,
    complete: isRead,
    seen: isRead && !deferred.includes(room.id) ? silenceMark(room, silence) : null,
  };
}
